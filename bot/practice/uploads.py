"""The bytes of an upload, however they were sent."""

from email.parser import BytesParser
from email.policy import HTTP


def uploaded_bytes(body: bytes, content_type: str) -> bytes:
    """The file in `body`: the body itself, or the first file of a multipart form."""
    if not content_type.lower().startswith("multipart/form-data"):
        return body
    form = BytesParser(policy=HTTP).parsebytes(b"Content-Type: " + content_type.encode() + b"\r\n\r\n" + body)
    for part in form.iter_parts():
        if part.get_filename() is not None:
            content = part.get_payload(decode=True)
            return content if isinstance(content, bytes) else b""
    return b""
