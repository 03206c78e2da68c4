"""Headers as receiving servers leave them above what the sender wrote.

In each, `mx.tinh.example` or what stands for it is the server whose results count; the sender has added results in its
name.
"""

from __future__ import annotations

FORGED = "Authentication-Results: mx.tinh.example; dmarc=pass header.from=forged.example\r\n"
_CLIENT = (
    "Received: from mail.so.example (mail.so.example [203.0.113.5])\r\n"
    "\tby mx.tinh.example (Postfix) with ESMTPS id 4V\r\n"
    "\tfor <vanthu@tinh.example>; Mon, 2 Mar 2026 08:00:00 +0700 (ICT)\r\n"
)
_SENT = (
    "Received: from [192.168.1.7] (unknown [192.168.1.7])\r\n\tby mail.so.example (Postfix) with ESMTPSA id 7Q;\r\n"
    f"\tMon, 2 Mar 2026 07:59:58 +0700\r\n{FORGED}"
    "DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=So.example;\r\n\ts=k1; h=from:to; bh=x=; b=y=\r\n"
    "From: Sở <a@So.Example>\r\nSubject: x\r\n\r\nx\r\n"
)
_RETURN = "Return-Path: <a@so.example>\r\n"
_DKIM = (
    "Authentication-Results: mx.tinh.example;\r\n"
    "\tdkim=pass (2048-bit key) header.d=so.example header.i=@so.example\r\n"
)
_DMARC = "Authentication-Results: mx.tinh.example; dmarc=pass (p=reject dis=none) header.from=so.example\r\n"
_SPF = "Authentication-Results: mx.tinh.example; spf=pass smtp.mailfrom=so.example\r\n"

# Milters put their fields below Postfix's own Received, a policy server above it.
POSTFIX_MILTERS = (
    f"{_RETURN}X-Original-To: vanthu@tinh.example\r\nDelivered-To: vanthu@tinh.example\r\n"
    f"{_CLIENT}{_DMARC}{_DKIM}{_SENT}"
)
POSTFIX_POLICY = f"{_RETURN}{_SPF}{_CLIENT}{_DKIM}{_SENT}"
RSPAMD = f"{_RETURN}Delivered-To: vanthu@tinh.example\r\nX-Spam-Score: 0\r\n{_DKIM}{_CLIENT}{_SENT}"
AMAVIS = (
    f"{_RETURN}Received: from localhost (localhost [127.0.0.1])\r\n\tby mx.tinh.example (Postfix) with ESMTP id 4W\r\n"
    "X-Virus-Scanned: amavisd-new at tinh.example\r\n"
    "Received: from mx.tinh.example ([127.0.0.1])\r\n"
    "\tby localhost (mx.tinh.example [127.0.0.1]) (amavisd-new, port 10024)\r\n\twith LMTP id x\r\n"
    f"{_CLIENT}{_DKIM}{_SENT}"
)
DOVECOT = (
    f"{_RETURN}Delivered-To: vanthu@tinh.example\r\nReceived: from mx.tinh.example\r\n"
    f"\tby imap.tinh.example with LMTP\r\n"
    f"\tid eK2 (envelope-from <a@so.example>)\r\n"
    f"\tfor <vanthu@tinh.example>; Mon, 2 Mar 2026 08:00:01 +0700\r\n{_CLIENT}{_DMARC}{_SENT}"
)
ZIMBRA = (
    f"{_RETURN}Received: from mx.tinh.example (LHLO mx.tinh.example) (10.0.0.5) by\r\n"
    f" mbox.tinh.example with LMTP; Mon, 2 Mar 2026 08:00:02 +0700 (ICT)\r\n"
    "Received: from localhost (localhost [127.0.0.1])\r\n\tby mx.tinh.example (Postfix) with ESMTP id 1\r\n"
    "Received: from mx.tinh.example ([127.0.0.1])\r\n"
    "\tby localhost (mx.tinh.example [127.0.0.1]) (amavisd-new, port 10032)\r\n\twith ESMTP id 2\r\n"
    "Authentication-Results: mx.tinh.example (amavisd-new);\r\n\tdkim=pass (2048-bit key) header.d=so.example\r\n"
    f"{_CLIENT}{_SENT}"
)
GMAIL = (
    "Delivered-To: vanthu@tinh.example\r\n"
    "Received: by 2002:a05:6f02:b8a:b0:52:abcd with SMTP id x;\r\n"
    "        Sun, 1 Mar 2026 17:00:01 -0800 (PST)\r\n"
    "X-Received: by 2002:a17:902:d2c1:b0:1d9 with SMTP id y\r\n"
    "ARC-Authentication-Results: i=1; mx.google.example;\r\n       spf=pass\r\n"
    f"{_RETURN}Received: from mail.so.example (mail.so.example. [203.0.113.5])\r\n"
    f"        by mx.google.example with ESMTPS id z\r\n"
    "Received-SPF: pass (google.example: domain of a@so.example designates 203.0.113.5)\r\n"
    f"Authentication-Results: mx.google.example;\r\n       dkim=pass header.i=@so.example;\r\n"
    f"       spf=pass smtp.mailfrom=a@so.example\r\n{_SENT}"
)
EXCHANGE = (
    "Received: from KL1PR03MB1.apcprd03.prod.outlook.com (2603:1096:820::1)\r\n"
    " by SEZPR03MB2.apcprd03.prod.outlook.com with HTTPS; Mon, 2 Mar 2026 01:00:03 +0000\r\n"
    "Received: from SG2PR02CA1.apcprd02.prod.outlook.com (2603:1096:4::2) by\r\n"
    " KL1PR03MB1.apcprd03.prod.outlook.com (2603:1096:820::1) with Microsoft SMTP Server\r\n"
    "Received: from SG1PEPF1.apcprd02.prod.outlook.com (2603:1096:4:0:cafe::3) by\r\n"
    " SG2PR02CA1.outlook.office365.com (2603:1096:4::2) with Microsoft SMTP Server\r\n"
    "Authentication-Results: spf=pass (sender IP is 203.0.113.5)\r\n"
    " smtp.mailfrom=so.example; dkim=pass header.d=so.example;dmarc=pass action=none\r\n"
    " header.from=so.example;compauth=pass reason=100\r\n"
    "Received-SPF: Pass (protection.outlook.com: domain of so.example designates 203.0.113.5)\r\n"
    "Received: from mail.so.example (203.0.113.5) by\r\n"
    " SG1PEPF1.mail.protection.outlook.com (10.167.1.1) with Microsoft SMTP Server\r\n"
    f"{_SENT}Return-Path: a@so.example\r\n"
)
NOTHING = f"{_CLIENT}Return-Path: <forged@so.example>\r\n{_SENT}"

ALL = {
    "postfix milters": POSTFIX_MILTERS,
    "postfix policy": POSTFIX_POLICY,
    "rspamd": RSPAMD,
    "amavis": AMAVIS,
    "dovecot": DOVECOT,
    "zimbra": ZIMBRA,
    "gmail": GMAIL,
    "exchange": EXCHANGE,
    "nothing": NOTHING,
}
