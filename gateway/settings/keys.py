"""The whole configuration file, and what its sections together can contradict."""

from __future__ import annotations

from gateway.settings.content import ArchivesSection, DocumentsSection, SecrecySection
from gateway.settings.hours import HoursSection
from gateway.settings.mailboxes import ImapSection
from gateway.settings.receipts import ReceiptsSection
from gateway.settings.sections import (
    AccountsSection,
    AgencySection,
    BookSection,
    DkimSection,
    LimitsSection,
    LmtpSection,
    LogSection,
    MailSection,
    PolicySection,
    RelaySection,
    RunnerSection,
    SandboxSection,
    ScannerSection,
    Section,
    SendersSection,
    SignaturesSection,
    SmtpSection,
    StoreSection,
    SubmissionsSection,
    WebSection,
    WorkSection,
)

_MEMORY_FOR_A_MAIL = 4


class Keys(Section):
    """Every section of gateway.toml."""

    agency: AgencySection
    mail: MailSection
    smtp: SmtpSection
    lmtp: LmtpSection
    imap: ImapSection
    senders: SendersSection
    accounts: AccountsSection
    limits: LimitsSection
    store: StoreSection
    scanner: ScannerSection
    sandbox: SandboxSection
    documents: DocumentsSection
    archives: ArchivesSection
    secrecy: SecrecySection
    signatures: SignaturesSection
    receipts: ReceiptsSection
    relay: RelaySection
    dkim: DkimSection
    work: WorkSection
    submissions: SubmissionsSection
    web: WebSection
    book: BookSection
    hours: HoursSection
    runner: RunnerSection
    policy: PolicySection
    log: LogSection

    def contradictions(self) -> list[str]:
        """What is wrong between sections, each a finished line with keys, values and remedy."""
        found = []
        if not self.mail.accepts(self.agency.mailbox):
            found.append(f"mail.recipients: thiếu agency.mailbox ({self.agency.mailbox}); hãy thêm địa chỉ ấy.")
        if not (self.smtp.enabled or self.lmtp.enabled or self.imap.mailboxes):
            found.append(
                "smtp.enabled, lmtp.enabled: đều là false và imap.mailboxes để trống, cổng không nhận được thư; "
                "hãy bật một đường nhận."
            )
        for place, mailbox in enumerate(self.imap.mailboxes, 1):
            if not self.mail.accepts(mailbox.address):
                found.append(
                    f'imap.mailboxes[{place}].address = "{mailbox.address}": không nằm trong mail.recipients; '
                    "hãy thêm địa chỉ ấy."
                )
        if self.limits.sender_bytes < self.mail.max_message:
            found.append(
                "limits.sender_bytes: nhỏ hơn mail.max_message, thư lớn sẽ bị hẹn lại mãi; "
                "hãy tăng limits.sender_bytes hoặc giảm mail.max_message."
            )
        if self.sandbox.memory < _MEMORY_FOR_A_MAIL * self.mail.max_message:
            found.append(
                f"mail.max_message: lớn hơn 1/{_MEMORY_FOR_A_MAIL} sandbox.memory, thư lớn sẽ không mở được; "
                "hãy tăng sandbox.memory hoặc giảm mail.max_message."
            )
        if self.mail.attach_up_to > self.mail.max_message:
            found.append(
                "mail.attach_up_to: lớn hơn mail.max_message, thư trả lời kèm tệp sẽ bị chính cổng từ chối; "
                "hãy giảm mail.attach_up_to."
            )
        if self.mail.accepts(self.submissions.recipient):
            found.append(
                f'submissions.recipient = "{self.submissions.recipient}": là địa chỉ cổng tự nhận, văn bản trình sẽ '
                "quay vòng; hãy ghi hộp thư của nơi nhận văn bản trình."
            )
        if self.runner.lease <= max(self.scanner.timeout, self.sandbox.timeout, self.relay.timeout):
            found.append(
                "runner.lease: phải dài hơn scanner.timeout, sandbox.timeout và relay.timeout, "
                "nếu không hai bên cùng xử lý một thư; hãy tăng runner.lease."
            )
        return found
