"""Decisions, actions and mailing lists of the demonstration; its risks stand beside it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from config.demo import risks
from config.demo.anchor import Anchor
from continuity.chain.models import Element
from governance.decisions.models import Action, Decision
from governance.risks.models import Risk
from organisation.people.models import Person, User
from organisation.profile.models import Profile
from organisation.units.models import Unit
from registers import writing
from registers.writing import Revision
from reporting.delivery.models import DistributionList, Recipient


def load(anchor: Anchor) -> None:
    """Settings, matrix, categories, risks with their course, decisions, actions, mailing lists."""
    begun = Revision(None, "Demonstratie", at=anchor.moment(0, 0, 8))
    people = {p.code: p for p in Person.objects.all()}
    unit = Unit.objects.get(code="IV")
    writing.create(Profile(name="Meldkamerdienst Nederland (demonstratie)"), begun)
    risks.load(anchor, people, unit, begun)
    decisions(anchor, people, unit)
    lists(begun)
    this_month(anchor)


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
