"""How well the suite does, in words that a monitoring system reads."""

from collections.abc import Iterable
from dataclasses import dataclass

# What is found, from the least to the worst.
SEVERITIES = {'good': 0, 'look': 1, 'act': 2}
HELP = 'good 0, look 1, act 2'


@dataclass(frozen=True)
class Finding:
    """What was looked at, and how it is; nothing of anybody."""

    key: str
    area: str
    state: str
    count: int = 0


def get_worst(states: Iterable[str]) -> str:
    """Return the state that speaks for all: of nothing, all is good."""
    return max(states, key=SEVERITIES.__getitem__, default='good')


def get_status(state: str) -> int:
    """Return the HTTP status: a monitoring system calls somebody for what wants acting."""
    return 503 if state == 'act' else 200


def tell_prometheus(findings: Iterable[Finding]) -> str:
    """Return the findings in the text format of Prometheus."""
    findings = list(findings)
    lines = [f'# HELP crm_health_state {HELP}', '# TYPE crm_health_state gauge']
    lines += [_get_sample('state', one, SEVERITIES[one.state]) for one in findings]
    lines += ['# HELP crm_health_count how many there are', '# TYPE crm_health_count gauge']
    lines += [_get_sample('count', one, one.count) for one in findings]
    return '\n'.join([*lines, ''])


def _get_sample(name: str, finding: Finding, value: int) -> str:
    return f'crm_health_{name}{{check="{finding.key}",area="{finding.area}"}} {value}'
