"""Messages of exchange as management systems write them (QCVN 102:2016), made in code."""

from __future__ import annotations

import base64
import io
import zipfile
from xml.sax.saxutils import escape

NAMESPACE = "http://www.mic.gov.vn/TBT/QCVN_102_2016"


def zipped(name: str, content: bytes) -> bytes:
    """A ZIP with one file, as the programs of one maker send every file."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return packed.getvalue()


def exchange(
    *files: tuple[str, bytes],
    number: str = "7",
    notation: str = "BC-STD",
    document_id: str = "000.00.53.H48,2026/11/20,07/BC-STD",
    day: str = "2026/11/20",
    organ: str = "Sở Trình diễn",
    superior: str = "Ủy ban nhân dân tỉnh Quảng Ngãi",
    subject: str = "Về việc báo cáo định kỳ",
    signer: str = "Nguyễn Văn Trình",
    pages: str = "1",
    business: str = "0",
    replaces: str = "",
    extra: str = "",
) -> bytes:
    """A message with these files; `extra` goes into its header as it is."""

    def e(name: str, text: str) -> str:
        return f"<edXML:{name}>{escape(text)}</edXML:{name}>"

    listed = "".join(
        f"<edXML:Reference>{e('ContentId', f'cid:{n}')}{e('AttachmentName', name)}</edXML:Reference>"
        for n, (name, _) in enumerate(files)
    )
    carried = "".join(
        f"<Attachment><ContentId>{n}</ContentId><AttachmentName>{escape(name)}</AttachmentName>"
        f"<ContentType>application/zip</ContentType><edXML:ContentTransferEncoded xmlns:edXML='{NAMESPACE}'>"
        f"{base64.b64encode(content).decode()}</edXML:ContentTransferEncoded></Attachment>"
        for n, (name, content) in enumerate(files)
    )
    replaced = f"<edXML:ReplacementInfoList><edXML:ReplacementInfo>{e('DocumentId', replaces)}" * bool(replaces)
    replaced += "</edXML:ReplacementInfo></edXML:ReplacementInfoList>" * bool(replaces)
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<edXML xmlns="{NAMESPACE}">'
        f'<edXML:edXMLEnvelope xmlns:edXML="{NAMESPACE}"><edXML:edXMLHeader><edXML:MessageHeader>'
        f"<edXML:From>{e('OrganId', '000.00.53.H48')}{e('OrganizationInCharge', superior)}{e('OrganName', organ)}"
        f"</edXML:From>{e('DocumentId', document_id)}"
        f"<edXML:Code>{e('CodeNumber', number)}{e('CodeNotation', notation)}</edXML:Code>"
        f"<edXML:PromulgationInfo>{e('Place', 'Quảng Ngãi')}{e('PromulgationDate', day)}</edXML:PromulgationInfo>"
        f"<edXML:DocumentType>{e('Type', '2')}{e('TypeName', 'Báo cáo')}</edXML:DocumentType>{e('Subject', subject)}"
        f"<edXML:SignerInfo>{e('Competence', 'KT. GIÁM ĐỐC')}{e('Position', 'Phó Giám đốc')}{e('FullName', signer)}"
        f"</edXML:SignerInfo><edXML:ToPlaces>{e('Place', 'Như trên')}</edXML:ToPlaces>"
        f"<edXML:OtherInfo>{e('Priority', '1')}{e('PromulgationAmount', '3')}{e('PageAmount', pages)}"
        f"</edXML:OtherInfo><edXML:ResponseFor/>{extra}</edXML:MessageHeader>"
        f"<edXML:TraceHeaderList><edXML:TraceHeader>{e('OrganId', 'null')}</edXML:TraceHeader>"
        f"<edXML:Bussiness>{e('BussinessDocType', business)}{e('BussinessDocReason', 'Lý do')}{replaced}"
        f"</edXML:Bussiness></edXML:TraceHeaderList></edXML:edXMLHeader>"
        f"<edXML:edXMLBody><edXML:edXMLManifest version='1.0'>{listed}</edXML:edXMLManifest>"
        f"</edXML:edXMLBody></edXML:edXMLEnvelope><AttachmentEncoded>{carried}</AttachmentEncoded></edXML>"
    ).encode()


def status(code: str, about: str = "7/BC-STD") -> bytes:
    """A status message: no document, no body."""
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><edXML xmlns="{NAMESPACE}"><edXMLEnvelope><edXMLHeader><MessageHeader>'
        f"<From><OrganName>Sở Trình diễn</OrganName></From><ResponseFor><Code>{about}</Code>"
        f"<DocumentId>000.00.53.H48,2026/11/20,{about}</DocumentId></ResponseFor><StatusCode>{code}</StatusCode>"
        f"<Description>Trạng thái của văn bản</Description></MessageHeader></edXMLHeader></edXMLEnvelope></edXML>"
    ).encode()
