"""The labels that the driver reads, and the only way to read them, so that the schema in `describe` is complete."""

import ipaddress
from dataclasses import dataclass

from componentize_py_types import Err
from wit_world.exports.driver import LabelSpec, LabelType, LabelType_Cidr, LabelType_Text
from wit_world.imports.types import Error_Invalid, FieldError


@dataclass(frozen=True, eq=False)
class Label:
    name: str
    kind: LabelType
    default: str
    meaning: str
    per_group: bool = False

    def spec(self) -> LabelSpec:
        return LabelSpec(
            name=self.name,
            label_type=self.kind,
            default=self.default or None,
            meaning=self.meaning,
            since="0.1.0",
            per_group=self.per_group,
            extras=[],
        )

    def problem(self, value: str) -> str | None:
        """What is wrong with a value: the end of a sentence."""
        if isinstance(self.kind, LabelType_Cidr):
            try:
                ipaddress.IPv4Network(value)
            except ValueError:
                return "has to be an IPv4 network such as 10.0.0.0/24"
        return None


MOTD = Label("motd", LabelType_Text(), "A node of a cluster.", "What a server greets those with who log in.")
SSH_CIDR = Label("ssh_cidr", LabelType_Cidr(), "0.0.0.0/0", "The network from which servers may be logged in to.")
SUBNET_CIDR = Label("fixed_subnet_cidr", LabelType_Cidr(), "10.0.0.0/24", "Addresses of the network that is made for the servers.")
AVAILABILITY_ZONE = Label("availability_zone", LabelType_Text(), "", "Where workers are made. Left to Nova if absent.")

LABELS = [MOTD, SSH_CIDR, SUBNET_CIDR, AVAILABILITY_ZONE]


def read(labels: list[Label], given: list[tuple[str, str]]) -> dict[Label, str]:
    """The values that hold. Raises `invalid`, with a line for each that is wrong."""
    values = {label: dict(given).get(label.name, label.default) for label in labels}
    wrong = [
        FieldError(field=f"labels/{label.name}", message=f"label {label.name} {problem}")
        for label, value in values.items()
        if (problem := label.problem(value))
    ]
    if wrong:
        raise Err(Error_Invalid(wrong))
    return values
