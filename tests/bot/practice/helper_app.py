"""The app of the tests: a few listeners that use every road between Slack and an app."""

import time
from typing import Any

from slack_bolt import Ack, App, Respond
from slack_sdk import WebClient

from tests.bot.practice.house import House, field_block, modal, plain

BUTTONS: list[dict[str, Any]] = [
    {"type": "section", "block_id": "top", "text": {"type": "mrkdwn", "text": "Who takes it?"}},
    {
        "type": "actions",
        "block_id": "acts",
        "elements": [
            {"type": "button", "action_id": "take", "text": plain("Take it"), "value": "7"},
            {
                "type": "static_select",
                "action_id": "colour",
                "placeholder": plain("Colour"),
                "options": [{"text": plain("Red"), "value": "red"}, {"text": plain("Blue"), "value": "blue"}],
            },
        ],
    },
]
FORM = modal(
    field_block("words", {"type": "plain_text_input", "max_length": 20}),
    field_block("day", {"type": "datepicker"}, optional=True),
    field_block("who", {"type": "external_select", "min_query_length": 1}, optional=True),
    notify_on_close=True,
    private_metadata="kept",
)


def register(app: App, house: House) -> None:  # noqa: C901, PLR0915 - a list of listeners, each short
    """Give `app` its listeners; everything it hears goes to `house.seen`."""

    @app.middleware
    def note(body: dict[str, Any], next: Any) -> None:  # noqa: A002 - the name that Bolt gives it
        house.seen.append(body.get("event", body))
        next()

    @app.command("/helper")
    def command(ack: Ack, body: dict[str, Any], client: WebClient, respond: Respond) -> None:
        match body["text"].split():
            case ["say", *words]:
                ack(" ".join(words))
            case ["aloud", *words]:
                ack({"response_type": "in_channel", "text": " ".join(words)})
            case ["buttons"]:
                ack()
                client.chat_postMessage(channel=body["channel_id"], text="Who takes it?", blocks=BUTTONS)
            case ["mine"]:
                ack({"text": "Only you see this", "blocks": BUTTONS})
            case ["form"]:
                client.views_open(trigger_id=body["trigger_id"], view=FORM)
                ack()
            case ["slow"]:
                time.sleep(0.8)
                ack()
            case ["later", *words]:
                ack()
                respond(" ".join(words))
            case _:
                ack("Say what?")

    @app.action("take")
    def take(ack: Ack, body: dict[str, Any], respond: Respond) -> None:
        ack()
        respond(f"Taken by {body['user']['id']}", replace_original=True)

    @app.action("colour")
    def colour(ack: Ack) -> None:
        ack()

    @app.view("form")
    def form(ack: Ack, view: dict[str, Any]) -> None:
        match view["state"]["values"]["words"]["words"]["value"]:
            case "bad":
                ack(response_action="errors", errors={"words": "Not that word"})
            case "update":
                ack(response_action="update", view={**FORM, "title": plain("Once more")})
            case "push":
                ack(
                    response_action="push",
                    view=modal(field_block("more", {"type": "plain_text_input"}), callback_id="top"),
                )
            case "nonsense":
                ack(response_action="errors", errors={"nothing": "There is no such field"})
            case _:
                ack()

    @app.view("top")
    def top(ack: Ack) -> None:
        ack(response_action="clear")

    @app.view_closed("form")
    def closed(ack: Ack) -> None:
        ack()

    @app.options("who")
    def who(ack: Ack, payload: dict[str, Any]) -> None:
        names = ["ann", "abe", "bob"]
        ack(options=[{"text": plain(n), "value": n} for n in names if n.startswith(payload["value"])])

    @app.shortcut("keep")
    def keep(ack: Ack, shortcut: dict[str, Any], respond: Respond) -> None:
        ack()
        respond(f"Kept: {shortcut['message']['text']}")

    @app.shortcut("start")
    def start(ack: Ack, shortcut: dict[str, Any], client: WebClient) -> None:
        client.views_open(trigger_id=shortcut["trigger_id"], view=FORM)
        ack()

    @app.event("app_home_opened")
    def home(event: dict[str, Any], client: WebClient) -> None:
        greeting = {"type": "section", "text": {"type": "mrkdwn", "text": f"Hello <@{event['user']}>"}}
        client.views_publish(user_id=event["user"], view={"type": "home", "blocks": [greeting, BUTTONS[1]]})

    @app.event("message")
    def message() -> None:
        pass

    @app.event("user_change")
    def user_change() -> None:
        pass

    @app.event("member_joined_channel")
    def joined() -> None:
        pass

    @app.event("app_mention")
    def mention() -> None:
        pass
