"""Time-stamps by RFC 3161 authorities: an authority signs our hash together with its own time."""

from __future__ import annotations

from typing import TYPE_CHECKING

import requests

from acca_crawler.clock import stamp
from acca_crawler.exceptions import EvidenceExtraMissing, TimestampError
from storage.evidence.timestamps import Stamp

if TYPE_CHECKING:
    from cryptography.x509 import Certificate

TIMEOUT = 20.0
"""Seconds to wait for an authority's answer."""

MAX_BYTES = 256 * 1024
"""Largest answer that is read; usual ones are a few KiB."""

_EXTRA = "time-stamps need rfc3161-client: pip install 'acca-crawler[evidence]'"


def request_stamp(url: str, body: bytes, certificate: str) -> Stamp:
    """Ask an authority to date `body` and check its answer against its PEM certificates.

    If these include the authority's own, the answer needs none: some authorities send several in an order that DER
    forbids, which our library refuses. Raises `TimestampError` if there is no answer or not a valid one, and
    `EvidenceExtraMissing`.
    """
    try:
        from rfc3161_client import HashAlgorithm, TimestampRequestBuilder
    except ImportError as error:
        raise EvidenceExtraMissing(_EXTRA) from error
    own = _certificates(certificate)[2]
    builder = TimestampRequestBuilder().data(body).hash_algorithm(HashAlgorithm.SHA256)
    question = builder.cert_request(cert_request=own is None).build()
    headers = {"Content-Type": "application/timestamp-query", "Accept": "application/timestamp-reply"}
    try:
        with requests.post(url, question.as_bytes(), headers=headers, timeout=TIMEOUT, stream=True) as answer:
            answer.raise_for_status()
            token = answer.raw.read(MAX_BYTES + 1)
    except (requests.RequestException, OSError) as error:
        raise TimestampError(f"no answer: {error}") from error
    if len(token) > MAX_BYTES:
        raise TimestampError(f"its answer has more than {MAX_BYTES} bytes")
    return Stamp(token, stamped_at=check_stamp(token, body, certificate, nonce=question.nonce), certificate=certificate)


def check_stamp(token: bytes, body: bytes, certificate: str, *, nonce: int | None = None) -> str:
    """Check a response (DER) over `body` against PEM certificates, and return the authority's time (UTC stamp).

    Raises `TimestampError` if it is of other bytes, or not signed by an authority below one of the roots.
    """
    try:
        from rfc3161_client import VerifierBuilder, decode_timestamp_response
        from rfc3161_client.errors import VerificationError
    except ImportError as error:
        raise EvidenceExtraMissing(_EXTRA) from error
    roots, intermediates, own = _certificates(certificate)
    try:
        response = decode_timestamp_response(token)
        builder = VerifierBuilder(roots=roots, intermediates=intermediates, tsa_certificate=own, nonce=nonce)
        builder.build().verify_message(response, body)
        moment = response.tst_info.gen_time
    except (VerificationError, ValueError, TypeError) as error:
        raise TimestampError(f"its time-stamp is not valid: {error}") from error
    return stamp(moment)


def _certificates(pem: str) -> tuple[list[Certificate], list[Certificate], Certificate | None]:
    """Return the roots, the intermediates, and the authority's own certificate if it is there."""
    try:
        from cryptography import x509
    except ImportError as error:
        raise EvidenceExtraMissing(_EXTRA) from error
    try:
        found = x509.load_pem_x509_certificates(pem.encode())
    except ValueError as error:
        raise TimestampError(f"the authority's certificate is not PEM: {error}") from error
    roots = [one for one in found if one.issuer == one.subject]
    issuers = {one.issuer for one in found}
    own = [one for one in found if one not in roots and one.subject not in issuers and _dates(one)]
    return roots, [one for one in found if one not in roots and one not in own], own[0] if own else None


def _dates(certificate: Certificate) -> bool:
    """Return True for a certificate that is meant for time-stamping."""
    from cryptography import x509

    try:
        usage = certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    except x509.ExtensionNotFound:
        return False
    return x509.oid.ExtendedKeyUsageOID.TIME_STAMPING in usage
