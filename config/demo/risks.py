"""Risks of the demonstration, with the history that made them so."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from config.demo.anchor import Anchor
from continuity.chain.models import Element
from governance.risks.models import Measure, Risk, RiskCategory, RiskMatrix
from organisation.people.models import Person
from organisation.units.models import Unit
from registers import writing
from registers.writing import Revision

LEVELS = [
    ["low", "low", "low", "medium", "high"],
    ["low", "low", "medium", "medium", "high"],
    ["low", "medium", "medium", "high", "extreme"],
    ["medium", "medium", "high", "high", "extreme"],
    ["medium", "high", "high", "extreme", "extreme"],
]
LIKELIHOODS = ["Zeer klein", "Klein", "Mogelijk", "Groot", "Zeer groot"]
IMPACTS = ["Gering", "Beperkt", "Ernstig", "Zeer ernstig", "Catastrofaal"]


@dataclass(frozen=True)
class Story:
    """A risk and how it went: likelihood and impact from a quarter on, closed in one, accepted."""

    code: str
    title: str
    cause: str
    consequence: str
    category: str
    owner: str
    elements: tuple[str, ...]
    course: tuple[tuple[int, int, int], ...]
    closed: int | None = None
    accepted: tuple[int, int] | None = None
    """Accepted in this quarter, until so many days after the last closed one."""
    review: int = 60


RISKS = (
    Story(
        "R-001",
        "Uitval van NAFIN treft alle meldkamers tegelijk",
        "Eén netwerk van een andere organisatie, zonder eigen tweede route",
        "Alarmeren en spreken met eenheden valt landelijk weg",
        "CONT",
        "P-NET",
        ("NAFIN", "C2000", "P2000"),
        ((0, 2, 5), (4, 3, 5)),
    ),
    Story(
        "R-002",
        "EOCS-server draait zonder ondersteuning van de leverancier",
        "Vervanging is tweemaal uitgesteld",
        "Een fout wordt niet meer hersteld",
        "TECH",
        "P-NET",
        ("EOCS",),
        ((0, 3, 4), (5, 4, 4)),
    ),
    Story(
        "R-003",
        "Noodstroom rekencentrum Zuid houdt het korter vol dan gedacht",
        "Laatste duurproef brak af na 48 uur",
        "Geen 72 uur zelfstandig",
        "CONT",
        "P-FAC",
        ("NSA-ZUID", "RC-ZUID"),
        ((2, 2, 4),),
        None,
        (4, 40),
    ),
    Story(
        "R-004",
        "Database van GMS loopt vol bij grote drukte",
        "Groei van de gegevens, krappe opslag",
        "Uitgifte vertraagt of stopt",
        "TECH",
        "P-APP",
        ("GMS-DB", "GMS"),
        ((0, 2, 3), (5, 3, 4), (7, 4, 4)),
    ),
    Story(
        "R-005",
        "Kennis van GMS zit bij twee mensen",
        "Krappe arbeidsmarkt",
        "Storingen duren langer",
        "ORG",
        "P-APP",
        ("GMS",),
        ((0, 3, 3), (6, 2, 3)),
    ),
    Story(
        "R-006",
        "Gijzelsoftware op de kantooromgeving",
        "Phishing, oude werkplekken",
        "Kantoor ligt dagen stil",
        "SEC",
        "P-APP",
        ("WERKPLEK", "MAIL", "AD"),
        ((0, 4, 4), (3, 3, 4)),
    ),
    Story(
        "R-007",
        "Eén leverancier voor de internettoegang",
        "Tweede lijn nooit besteld",
        "Landelijk beeld niet te maken",
        "TECH",
        "P-NET",
        ("INTERNET", "LCMS"),
        ((1, 3, 3),),
    ),
    Story(
        "R-008",
        "Portofoons voor directe communicatie zijn niet geoefend",
        "Oefening verschoven",
        "De terugvaloptie werkt niet als het moet",
        "CONT",
        "P-SM",
        ("PORTO-DMO",),
        ((3, 3, 4),),
        None,
        (5, -20),
    ),
    Story(
        "R-009",
        "Back-up van de aanmelddienst is niet teruggezet als proef",
        "Geen tijd",
        "Herstel duurt langer dan beloofd",
        "TECH",
        "P-APP",
        ("AD", "BACKUP"),
        ((0, 2, 4), (4, 2, 3)),
        6,
    ),
    Story(
        "R-010",
        "Bereikbaarheid van Defensie in de nacht",
        "Geen afspraak buiten kantooruren",
        "Lang geen duiding bij een storing",
        "KETEN",
        "P-CONT",
        ("DEFENSIE", "NAFIN"),
        ((0, 4, 3), (6, 3, 3)),
    ),
    Story(
        "R-011",
        "Meldkamer Amsterdam heeft geen uitwijk binnen het landelijke platform",
        "Niet aangesloten",
        "Langere uitval dan elders",
        "CONT",
        "P-AMS",
        ("PR-AMS", "MK-SITE-AMS"),
        ((2, 3, 5),),
    ),
    Story(
        "R-012",
        "Gevolgen van een lek in de firewallsoftware",
        "Nog niet beoordeeld",
        "",
        "SEC",
        "P-NET",
        ("FW-NOORD", "FW-ZUID"),
        ((7, 0, 0),),
    ),
)
CATEGORIES = (
    ("CONT", "Continuïteit", "medium", "De dienstverlening mag niet stoppen"),
    ("TECH", "Techniek", "medium", "Storingen zijn te dragen zolang terugval werkt"),
    ("SEC", "Informatiebeveiliging", "low", "Vertrouwelijkheid en integriteit gaan voor"),
    ("ORG", "Organisatie", "medium", ""),
    ("KETEN", "Ketenpartners", "medium", ""),
)


def load(anchor: Anchor, people: dict[str, Person], unit: Unit, begun: Revision) -> None:
    """The matrix, the categories, and the risks with their course."""
    matrix = writing.create(
        RiskMatrix(
            code="STANDAARD",
            valid_from=anchor.start,
            likelihoods=LIKELIHOODS,
            impacts=IMPACTS,
            levels=LEVELS,
        ),
        begun,
    )
    categories = {
        code: writing.create(
            RiskCategory(
                code=code,
                name=name,
                appetite=appetite,
                appetite_reason=why,
                owner=people["P-CTRL"],
            ),
            begun,
        )
        for code, name, appetite, why in CATEGORIES
    }
    for story in RISKS:
        risk(anchor, story, matrix, categories[story.category], unit, people)


def risk(
    anchor: Anchor,
    story: Story,
    matrix: RiskMatrix,
    category: RiskCategory,
    unit: Unit,
    people: dict[str, Person],
) -> None:
    """Write a risk as it was first seen, and then each change on the day that it was made."""
    first, likelihood, impact = story.course[0]
    seen = Revision(None, "Demonstratie: risico opgenomen", at=anchor.moment(first, 20))
    made = Risk(
        code=story.code,
        title=story.title,
        cause=story.cause,
        event=story.title,
        consequence=story.consequence,
        category=category,
        owner_unit=unit,
        owner=people[story.owner],
        matrix=matrix,
        treatment="change_likelihood",
        identified_on=anchor.day(first, 20),
        review_on=anchor.end + timedelta(days=story.review),
    )
    if likelihood:
        made.inherent_likelihood, made.inherent_impact = min(5, likelihood + 1), impact
        made.current_likelihood, made.current_impact = likelihood, impact
        made.target_likelihood, made.target_impact = max(1, likelihood - 1), max(1, impact - 1)
    keys = Element.objects.filter(code__in=story.elements).values_list("pk", flat=True)
    writing.create(made, seen, links={"elements": list(keys)})
    for quarter, likelihood, impact in story.course[1:]:
        made.current_likelihood, made.current_impact = likelihood, impact
        _later(made, anchor, quarter, 50, "Demonstratie: opnieuw beoordeeld")
    if story.accepted:
        quarter, days = story.accepted
        made.accepted_by = people["P-CIO"]
        made.accepted_until = anchor.end + timedelta(days=days)
        made.accepted_at = anchor.moment(quarter, 70)
        made.acceptance_reason = "Maatregel is besteld; tot de levering aanvaard"
        _later(made, anchor, quarter, 70, "Demonstratie: aanvaard")
    if story.closed is not None:
        made.closed_on = anchor.day(story.closed, 30)
        _later(made, anchor, story.closed, 30, "Demonstratie: gesloten")
    measure = Measure(
        risk=made,
        title="Maatregel uitvoeren en effect meten",
        owner=people[story.owner],
        due=anchor.end + timedelta(days=45),
    )
    writing.create(measure, seen)


def _later(made: Risk, anchor: Anchor, quarter: int, day: int, reason: str) -> None:
    writing.update(made, Revision(None, reason, at=anchor.moment(quarter, day)))
