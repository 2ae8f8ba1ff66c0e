"""The bill of materials of one program: CycloneDX 1.6 as JSON, the same bytes each time."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from cyclonedx.model import (
    ExternalReference,
    ExternalReferenceType,
    HashAlgorithm,
    HashType,
    XsUri,
)
from cyclonedx.model.bom import Bom, BomMetaData
from cyclonedx.model.component import Component, ComponentType, Pedigree
from cyclonedx.output.json import JsonV1Dot6
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from packageurl import PackageURL
from packaging.utils import canonicalize_name

from deploy.release.assets import Asset, assets
from deploy.release.licences import as_told
from deploy.release.packages import Package, asked_for, installed_with
from shared.errors import ReleaseRefused

PROGRAMS: Final = ("kiosk", "hub", "browser")
_SPACE: Final = uuid.UUID("6a1b1f0e-6d3a-5d0c-9a51-2f6f5e0c7b11")
"""Our own, made once: a bill's serial number follows from program, version and commit."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Of what a bill is told: the version, the commit, and when that was made (s since 1970)."""

    version: str
    commit: str
    moment: int


def write_bill(root: Path, program: str, origin: Origin) -> str:
    """The bill as JSON, once the schema of CycloneDX has nothing against it."""
    bom = _bill(root, program, origin)
    text = str(JsonV1Dot6(bom).output_as_string(indent=2))
    wrong = JsonStrictValidator(SchemaVersion.V1_6).validate_str(text)
    if wrong is not None:
        raise ReleaseRefused(f"the bill of the {program} is no CycloneDX 1.6: {wrong}")
    return text + "\n"


def _bill(root: Path, program: str, origin: Origin) -> Bom:
    ours, lying = _ours(program, origin), [_asset(one) for one in assets(root, program)]
    bom = Bom(
        serial_number=uuid.uuid5(_SPACE, f"{program} {origin.version} {origin.commit}"),
        metadata=BomMetaData(component=ours, timestamp=datetime.fromtimestamp(origin.moment, UTC)),
        components=lying,
    )
    direct = _add_packages(bom, root, program) if program != "browser" else []
    bom.register_dependency(ours, [*direct, *lying])
    return bom


def _add_packages(bom: Bom, root: Path, program: str) -> list[Component]:
    """Put them into the bill, and return those that the program itself asks for."""
    theirs = [(package, _component(package)) for package in installed_with(root, program)]
    for package, component in theirs:
        bom.components.add(component)
        bom.register_dependency(component, [c for p, c in theirs if p.name in package.needs])
    wanted = {canonicalize_name(asked.name) for asked in asked_for(root, program)}
    return [component for package, component in theirs if package.name in wanted]


def _ours(program: str, origin: Origin) -> Component:
    return Component(
        name=f"semblante-{program}",
        version=origin.version,
        type=ComponentType.APPLICATION,
        bom_ref=f"semblante-{program}@{origin.version}",
        licenses=[as_told("Apache-2.0")],
    )


def _component(package: Package) -> Component:
    url = PackageURL("pypi", name=package.name, version=package.version)
    sums = [HashType(alg=HashAlgorithm.SHA_256, content=one) for one in package.sums]
    return Component(
        name=package.name,
        version=package.version,
        bom_ref=str(url),
        purl=url,
        licenses=[as_told(package.licence)],
        external_references=[
            ExternalReference(
                type=ExternalReferenceType.DISTRIBUTION,
                url=XsUri(str(url)),
                hashes=sums,
                comment="the locked list: it is installed from a file with one of these sums",
            )
        ],
        components=[
            Component(
                name=one.name,
                version=one.version,
                bom_ref=f"{url}#{one.url}",
                purl=PackageURL.from_string(one.url),
            )
            for one in package.holds
        ],
    )


def _asset(asset: Asset) -> Component:
    group, _, name = asset.name.rpartition("/")
    url = PackageURL("npm", namespace=group or None, name=name, version=asset.version)
    return Component(
        name=name,
        group=group or None,
        version=asset.version,
        bom_ref=str(url),
        purl=url,
        licenses=[as_told(asset.licence)],
        pedigree=Pedigree(notes=asset.change) if asset.change else None,
        components=[
            Component(
                name=path,
                type=ComponentType.FILE,
                bom_ref=path,
                hashes=[HashType(alg=HashAlgorithm.SHA_256, content=content)],
            )
            for path, content in asset.sums
        ],
    )
