"""The certificate API as a node uses it."""
import ipaddress

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, padding
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.x509.oid import ExtendedKeyUsageOID as Usage, NameOID

HEADERS = {'OpenStack-API-Version': 'container-infra latest'}


class Failed(Exception):
    """A step that cannot be done; becomes the reason of the failed deployment."""


class Authority:
    """The cluster's, asked with the trustee's token."""

    def __init__(self, trustee, url, cluster):
        self.trustee, self.url, self.cluster, self.signed = trustee, url, cluster, []

    def ca(self, kind):
        return self._pem('CA', self.trustee.get(f'{self.url}/certificates/{self.cluster}', params={'ca_cert_type': kind},
                                                headers=HEADERS, raise_exc=False))

    def sign(self, kind, common_name, organization=None, addresses=(), names=()):
        """A new key and its certificate, both PEM, checked as openssl would."""
        key = ec.generate_private_key(ec.SECP256R1())
        subject = [x509.NameAttribute(NameOID.COMMON_NAME, common_name)]
        if organization:
            subject.insert(0, x509.NameAttribute(NameOID.ORGANIZATION_NAME, organization))
        others = [x509.DNSName(n) for n in names] + [x509.IPAddress(ipaddress.ip_address(a)) for a in sorted(set(addresses) - {'', None})]
        request = (x509.CertificateSigningRequestBuilder().subject_name(x509.Name(subject))
                   .add_extension(x509.ExtendedKeyUsage([Usage.CLIENT_AUTH, Usage.SERVER_AUTH]), False))
        if others:
            request = request.add_extension(x509.SubjectAlternativeName(others), False)
        body = {'cluster_uuid': self.cluster, 'ca_cert_type': kind,
                'csr': request.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM).decode()}
        pem = self._pem(f'certificate of {common_name}', self.trustee.post(f'{self.url}/certificates', json=body, headers=HEADERS,
                                                                          raise_exc=False))
        verify(pem, self.ca(kind), key, others)
        self.signed.append(common_name)
        private = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        return private.decode(), pem

    def _pem(self, what, answer):
        if answer.status_code not in (200, 201):
            raise Failed(f'{what}: {answer.status_code} {answer.text[:300]}')
        return answer.json()['pem']


def verify(pem, ca_pem, key, names):
    certificate, ca = (x509.load_pem_x509_certificate(p.encode()) for p in (pem, ca_pem))
    if certificate.public_key().public_numbers() != key.public_key().public_numbers():
        raise Failed('the certificate is not for the key of the request')
    if names and list(certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value) != names:
        raise Failed('the certificate does not have the names of the request')
    signed, kind = certificate.tbs_certificate_bytes, certificate.signature_hash_algorithm
    try:
        if isinstance(ca.public_key(), ec.EllipticCurvePublicKey):
            ca.public_key().verify(certificate.signature, signed, ec.ECDSA(kind))
        else:
            ca.public_key().verify(certificate.signature, signed, padding.PKCS1v15(), kind)
    except Exception:
        raise Failed('the certificate is not signed by the CA of the cluster')
