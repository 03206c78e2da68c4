"""Scripts and other texts that a computer obeys, told from what people write about them.

A text is a script by its first line, where its language has one, or by several lines that begin as its statements do;
a word within a sentence never counts.
"""

from __future__ import annotations

import re

_LINES = 400
_ENOUGH = 2
_SHARE = 0.2

_BY_START: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), media_type)
    for pattern, media_type in (
        (r"#!\s*/", "application/x-sh"),
        (r"@echo\s+(?:off|on)\b|@?setlocal\b|@cls\b|@?echo\s+off\b", "text/x-bat"),
        (r"#@~\^[\w+/=]{8}", "text/x-vbscript"),
        (r"Windows Registry Editor Version \d|REGEDIT4\b", "text/x-registry"),
        (r"\[InternetShortcut(?:\.[AW])?\]|\[Shell\][ \t]*[\r\n]+[ \t]*Command\s*=", "application/x-mswinurl"),
        (r"\[Desktop Entry\]", "application/x-desktop"),
        (r"\[\.ShellClassInfo\]", "application/x-mswinurl"),
        (r"\[Version\][ \t]*[\r\n]+(?:[^\[]{0,500}[\r\n])?[ \t]*Signature\s*=", "text/x-setup-information"),
        (r"(?:full address|screen mode id|use multimon|remoteapplicationmode):[sib]:", "application/x-rdp"),
        (r"WEB[ \t]*[\r\n]+1[ \t]*[\r\n]+(?:https?|ftp|file|\\\\)", "text/x-iqy"),
        (r"XLODBC[ \t]*[\r\n]+1[ \t]*[\r\n]", "text/x-iqy"),
        (r"ID;P[\w;]*\r?\n(?:[BCDFOP];|E\s)", "application/x-sylk"),
        (r"<\?php\b|<%@?\s|<\?=", "text/x-php"),
        (r"X5O!P%@AP", "application/x-dosexec"),
        (r"VRTLIB-1|\s*FAS4-FILE", "text/x-autolisp"),
    )
)
_STATEMENTS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), media_type)
    for pattern, media_type in (
        (
            r"(?:set|const)\s+\w+\s*=\s*\S|(?:set\s+)?\w+\s*=\s*(?:wscript\.)?createobject\s*\(|dim\s+\w+(?:\s*,\s*\w+)*\s*$|"
            r"on\s+error\s+resume\s+next\s*$|end\s+(?:if|sub|function|with|select)\s*$|execute(?:global)?\s*[( ]|"
            r"(?:private\s+|public\s+)?(?:sub|function)\s+\w+\s*\(.*\)\s*$|wscript\.\w+|\w+\.run\s*[(\"]",
            "text/x-vbscript",
        ),
        (
            r"\$[\w:]+\s*=\s*\S|param\s*\(|\[(?:system|reflection|convert|net|io|text)\.[\w.]+\]::|"
            r"(?:invoke-\w+|start-\w+|new-object|set-\w+|add-type|import-module|iex|iwr|write-(?:host|output))\b\s*[-(\"'$&.]|"
            r"&\s*\(?\s*[\"'$]|powershell(?:\.exe)?\s+-\w+",
            "text/x-powershell",
        ),
        (
            r"(?:var|let|const)\s+[\w$]+\s*=\s*\S|(?:async\s+)?function\s*[\w$]*\s*\([\w$,\s]*\)\s*\{|"
            r"(?:window|document|wscript|activexobject|module\.exports|process)\.?\w*\s*[.=(]|new\s+activexobject\s*\(|"
            r"(?:eval|unescape|settimeout|alert|require)\s*\(|\}\s*\)?\s*(?:\(\s*\))?\s*;\s*$|"
            r"[\w$.]+\s*=\s*(?:new\s+\w+\s*\(|function\b|\[|[\"'].*[\"']\s*;)|import\s+.*\bfrom\s+[\"']",
            "text/javascript",
        ),
        (
            r"(?:@?echo|rem|set|goto|call|start|if\s+(?:not\s+)?(?:exist|defined|errorlevel)|for\s+/[fdlr]|del|copy|xcopy|"
            r"reg\s+add|cmd(?:\.exe)?\s+/c|powershell|certutil|bitsadmin|mshta|rundll32|regsvr32|wscript|cscript|taskkill|"
            r"schtasks|net\s+(?:user|use|stop|start)|attrib|pause|exit(?:\s+/b)?)(?=\s+[%/\\\"'-]|\s+\w+(?:=|\.exe)|\s*$)|"
            r":\w+\s*$|%\w+%",
            "text/x-bat",
        ),
        (r"\(\s*(?:defun|setq|vl-\w+|startapp|command|load|princ)\b", "text/x-autolisp"),
        (
            r"import\s+[\w.]+(?:\s*,\s*[\w.]+)*(?:\s+as\s+\w+)?\s*$|from\s+[\w.]+\s+import\s+\S|def\s+\w+\s*\(.*\)\s*:|"
            r"(?:os|subprocess|exec|eval|print)\s*[.(].*\)\s*$|if\s+__name__\s*==",
            "text/x-python",
        ),
    )
)
# What no sentence begins with: one such line is enough.
_TELLING: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE | re.MULTILINE), media_type)
    for pattern, media_type in (
        (r"^[ \t]*+(?:set\s+)?\w+\s*=\s*(?:wscript\.)?createobject\s*\(\s*[\"']", "text/x-vbscript"),
        (r"^[ \t]*+(?:createobject|getobject)\s*\(\s*[\"'][^\"']+[\"']\s*\)\s*\.", "text/x-vbscript"),
        (r"^[ \t]*+(?:(?:var|let|const)\s+)?[\w$]+\s*=\s*new\s+activexobject\s*\(", "text/javascript"),
        (r"^[ \t]*+(?:new\s+activexobject\s*\(|wscript\.(?:createobject|shell|sleep|quit)\s*\()", "text/javascript"),
        (
            r"^[ \t]*+(?:\$\w+\s*=\s*)?\(?new-object\s+(?:-comobject\s+)?(?:system\.)?(?:net|io|wscript|shell)\b",
            "text/x-powershell",
        ),
        (r"^[ \t]*+(?:iex|invoke-expression)\s*[($&\"']", "text/x-powershell"),
        (
            r"^[ \t]*+(?:cmd(?:\.exe)?\s+/[ck]|powershell(?:\.exe)?\s+[-/]\w|"
            r"mshta(?:\.exe)?\s+[\"']?(?:https?|javascript|vbscript):|certutil(?:\.exe)?\s+-urlcache|bitsadmin\s+/transfer)",
            "text/x-bat",
        ),
        (r"^[ \t]*+\(\s*defun\s+(?:c:)?[\w:+*-]+\s*\(", "text/x-autolisp"),
    )
)


def script_type(text: str) -> str | None:
    """The type of a script, None for anything else; `text` is the file's beginning."""
    start = text.lstrip("\ufeff \t\r\n")
    for pattern, media_type in _BY_START:
        if pattern.match(start):
            return media_type
    for pattern, media_type in _TELLING:
        if pattern.search(text):
            return media_type
    return _by_statements(text)


def _by_statements(text: str) -> str | None:
    """The language of which enough lines are statements, and not only some lines of a longer text."""
    lines = [line.strip() for line in text.splitlines()[:_LINES] if line.strip()]
    for pattern, media_type in _STATEMENTS:
        found = sum(pattern.match(line[:1_000]) is not None for line in lines)
        if found > _ENOUGH and found >= _SHARE * len(lines) and _looks_written_for_machines(lines):
            return media_type
    return None


def _looks_written_for_machines(lines: list[str]) -> bool:
    """Half of the lines of a program, or more, hold a sign that sentences rarely have."""
    signs = sum(any(sign in line for sign in '=(){}$%;\\"@:') for line in lines)
    return signs * 2 >= len(lines)
