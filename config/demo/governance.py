"""Risks, decisions and actions of the demonstration, with the history that made them so."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from config.demo.anchor import Anchor
from continuity.chain.models import Element
from governance.decisions.models import Action, Decision
from governance.risks.models import Measure, Risk, RiskCategory, RiskMatrix
from organisation.people.models import Person, User
from organisation.profile.models import Profile
from organisation.units.models import Unit
from registers import writing
from registers.writing import Revision
from reporting.delivery.models import DistributionList, Recipient

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


def load(anchor: Anchor) -> None:
    """Settings, matrix, categories, risks with their course, decisions, actions, mailing lists."""
    begun = Revision(None, "Demonstratie", at=anchor.moment(0, 0, 8))
    people = {p.code: p for p in Person.objects.all()}
    unit = Unit.objects.get(code="IV")
    writing.create(Profile(name="Meldkamerdienst Nederland (demonstratie)"), begun)
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
    decisions(anchor, people, unit)
    lists(begun)
    this_month(anchor)


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


def decisions(anchor: Anchor, people: dict[str, Person], unit: Unit) -> None:
    """Decisions that were taken, that wait, and that are late; actions likewise."""
    end = anchor.end
    asked: list[dict[str, Any]] = [
        {
            "code": "B-001",
            "question": "Krijgt P2000 een tweede route naast NAFIN?",
            "options": "Tweede route via KPN\nWachten op vernieuwing van C2000",
            "cost": "€ 1,2 miljoen eenmalig",
            "cost_of_waiting": "Bij uitval van NAFIN opnieuw uren zonder alarmering",
            "subject_kind": "risk",
            "subject_code": "R-001",
            "owner": "P-CIO",
            "asked": (-2, 30),
            "due": end - timedelta(days=20),
        },
        {
            "code": "B-002",
            "question": "Vervangen we de EOCS-server dit jaar nog?",
            "options": "Nu vervangen\nRisico aanvaarden tot de nieuwe alarmering",
            "cost": "€ 140.000, uit voorziening 4 (2026: € 5,955 miljoen)",
            "cost_of_waiting": "Draait zonder ondersteuning; elke maand langer",
            "subject_kind": "signal",
            "subject_code": "lifecycle.ended",
            "owner": "P-CIO",
            "asked": (-3, 60),
            "due": end + timedelta(days=14),
        },
        {
            "code": "B-003",
            "question": "Welke van de aflopende systemen vervangen we eerst?",
            "options": "Aanmelddienst en back-up eerst\nAlles in één project in het voorjaar",
            "cost": "€ 480.000 tot € 700.000, uit voorziening 5 (2026: € 36,542 miljoen)",
            "cost_of_waiting": "Na januari is inkopen voor de einddatum niet meer mogelijk",
            "subject_kind": "signal",
            "subject_code": "lifecycle.ending",
            "owner": "P-CIO",
            "asked": (-1, 40),
            "due": end + timedelta(days=30),
        },
        {
            "code": "B-004",
            "question": "Maken we tijd vrij om op tijd te patchen?",
            "options": "Vast onderhoudsvenster elke week\nVertraging aanvaarden",
            "cost": "Twee avonden per week inzet",
            "cost_of_waiting": "Bekende lekken blijven weken langer open",
            "subject_kind": "signal",
            "subject_code": "changes.slippage",
            "owner": "P-SM",
            "asked": (-1, 60),
            "due": end + timedelta(days=21),
        },
    ]
    for one in asked:
        quarter, day = one.pop("asked")
        owner = people[one.pop("owner")]
        revision = Revision(None, "Demonstratie: gevraagd", at=anchor.moment(quarter, day))
        decision = Decision(**one, owner=owner, owner_unit=unit, asked_on=anchor.day(quarter, day))
        writing.create(decision, revision)
    taken = Decision(
        code="B-000",
        question="Sluiten we een afspraak met Defensie over bereikbaarheid in de nacht?",
        owner=people["P-CONT"],
        owner_unit=unit,
        asked_on=anchor.day(-4, 20),
        due=anchor.day(-2, 20),
    )
    writing.create(taken, Revision(None, "Demonstratie: gevraagd", at=anchor.moment(-4, 20)))
    taken.state, taken.choice = "taken", "Ja, nachtnummer en wekelijkse toets"
    taken.reason = "In 2024 bleef duiding uren uit"
    taken.decided_on = anchor.day(-2, 10)
    writing.update(taken, Revision(None, "Demonstratie: besloten", at=anchor.moment(-2, 10)))
    actions = (
        ("A-001", "Nachtnummer Defensie vastleggen en wekelijks toetsen", taken, "P-CONT", -2, -45),
        ("A-002", "Duurproef noodstroom Zuid herhalen", None, "P-FAC", -3, -60),
        ("A-003", "Portofoons oefenen met drie meldkamers", None, "P-SM", -1, 20),
        ("A-004", "Opslag van de GMS-database uitbreiden", None, "P-APP", -1, 35),
    )
    for code, title, follows, owner_code, quarter, due in actions:
        revision = Revision(None, "Demonstratie: uitgezet", at=anchor.moment(quarter, 15))
        action = Action(
            code=code,
            title=title,
            decision=follows,
            owner=people[owner_code],
            owner_unit=unit,
            opened_on=anchor.day(quarter, 15),
            due=end + timedelta(days=due),
        )
        writing.create(action, revision)
    done = Action(
        code="A-000",
        title="Proef: back-up van de aanmelddienst terugzetten",
        owner=people["P-APP"],
        owner_unit=unit,
        opened_on=anchor.day(-4, 5),
        due=anchor.day(-3, 5),
        done_on=anchor.day(-3, 2),
        effect="Herstel in drie uur aangetoond",
        effect_measured_on=anchor.day(-3, 3),
    )
    writing.create(done, Revision(None, "Demonstratie", at=anchor.moment(-3, 3)))


def this_month(anchor: Anchor) -> None:
    """What people did lately, so that the home page has something to tell."""
    officer = User.objects.get(username="risk-officer")
    risk = Risk.objects.get(code="R-004")
    risk.treatment, risk.review_on = "change_impact", anchor.end + timedelta(days=90)
    ordered = anchor.now - timedelta(days=3, hours=-10)
    writing.update(risk, Revision(officer, "Uitbreiding van de opslag is besteld", at=ordered))
    owner = User.objects.get(username="process-owner")
    team = Element.objects.get(code="BEL-LIJST")
    team.own_recovery_hours, team.recovery_known_on = 0.5, anchor.today - timedelta(days=5)
    tested = anchor.now - timedelta(days=4, hours=-9)
    writing.update(team, Revision(owner, "Proef met drie meldkamers gehouden", at=tested))


def lists(revision: Revision) -> None:
    """Who gets the report: management in Dutch, one reader in English."""
    for language, addresses in (
        ("nl", ("cio@regie.example", "controller@regie.example")),
        ("en", ("auditor@regie.example",)),
    ):
        listed = DistributionList(
            code=f"MT-{language.upper()}", name=f"Managementteam ({language})", language=language
        )
        writing.create(listed, revision)
        for address in addresses:
            writing.create(Recipient(list=listed, email=address), revision)
