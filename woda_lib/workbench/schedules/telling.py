"""Telling people and programs: e-mail over SMTP, and a command that gets JSON.

A failing notice changes nothing about the run: it is recorded with the reason, and said.
"""

from __future__ import annotations

import json
import os
import smtplib
import ssl
import subprocess
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid
from typing import Literal

from woda_lib.records import Notice, Notify
from woda_lib.settings import Settings, SmtpSettings, without_secrets
from woda_lib.workbench.schedules.messages import Message

_PATIENCE = 30
"""Seconds that a mail server may take to answer."""

_PATIENCE_WITH_COMMANDS = 60


class _NotTold(Exception):
    """Why nobody was told, in words."""


def tell(
    notify: Notify,
    message: Message,
    event: Literal["failure", "unexpected", "test"],
    *,
    settings: Settings,
) -> Iterator[Notice]:
    """Send a message by every means that a pilot's file names; never raises.

    Yields
    ------
    Notice
        One a means, told or not.
    """
    means: list[tuple[Literal["email", "command"], Callable[[], None]]] = []
    if notify.email:
        means.append(("email", lambda: send_mail(notify.email, message)))
    if notify.command:
        means.append(("command", lambda: run_command(notify.command, message, settings)))
    for by, send in means:
        problem = ""
        try:
            send()
        except _NotTold as reason:
            problem = str(reason)
        except Exception as error:  # whatever it is, the run's own outcome must stand
            problem = f"An unforeseen {type(error).__name__}."
        yield Notice(at=datetime.now(UTC), event=event, by=by, told=not problem, problem=problem)


def send_mail(to: tuple[str, ...], message: Message, smtp: SmtpSettings | None = None) -> None:
    """Send a message to some addresses through the server that ``WODA_SMTP_…`` names.

    Raises
    ------
    _NotTold
        If it was not accepted for all of them.
    """
    smtp = smtp or _smtp_settings()
    if not smtp.host or not smtp.sender:
        raise _NotTold("No mail server is set. Set WODA_SMTP_HOST and WODA_SMTP_SENDER.")
    mail = EmailMessage()
    mail["Subject"] = " ".join(message.subject.split())
    mail["From"] = smtp.sender
    mail["To"] = ", ".join(to)
    mail["Date"] = format_datetime(datetime.now(UTC))
    mail["Message-ID"] = make_msgid(domain=smtp.sender.rpartition("@")[2])
    mail["Auto-Submitted"] = "auto-generated"  # RFC 3834: no holiday notices in return
    mail.set_content(message.text)
    where = f"{smtp.host}:{smtp.port}"
    try:
        with _connected(smtp) as server:
            if smtp.user:
                server.login(smtp.user, smtp.secret)
            refused = server.send_message(mail)
    except smtplib.SMTPAuthenticationError:
        raise _NotTold(
            f"{where} did not accept the login. Check WODA_SMTP_USER and WODA_SMTP_PASSWORD."
        ) from None
    except smtplib.SMTPNotSupportedError:
        raise _NotTold(
            f"{where} does not offer STARTTLS or login as it is set. See WODA_SMTP_SECURITY."
        ) from None
    except smtplib.SMTPRecipientsRefused as error:
        raise _NotTold(f"{where} refused all {len(error.recipients)} addresses.") from None
    except smtplib.SMTPSenderRefused:
        raise _NotTold(f"{where} refused the sender. Check WODA_SMTP_SENDER.") from None
    except ssl.SSLError as error:
        raise _NotTold(
            f"The certificate or encryption of {where} is not trusted ({error.reason}). Name its "
            "authority's certificate in WODA_SMTP_CA."
        ) from None
    except (OSError, smtplib.SMTPException) as error:
        raise _NotTold(f"{where} could not be reached ({type(error).__name__}).") from None
    if refused:
        raise _NotTold(f"{where} refused {len(refused)} of {len(to)} addresses.")


def run_command(command: tuple[str, ...], message: Message, settings: Settings) -> None:
    """Start a program, without a shell, that reads the message as JSON on its standard input.

    Raises
    ------
    _NotTold
        If it cannot be started, takes too long or says that it failed.
    """
    content = json.dumps(message.facts | {"text": message.text}, ensure_ascii=False)
    try:
        done = subprocess.run(
            command,
            input=content.encode(),
            cwd=settings.root,
            env=without_secrets(os.environ),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=_PATIENCE_WITH_COMMANDS,
            start_new_session=True,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise _NotTold(f"The command was ended after {_PATIENCE_WITH_COMMANDS} seconds.") from None
    except OSError as error:
        raise _NotTold(f"The command could not be started: {error.strerror}.") from None
    if done.returncode:
        raise _NotTold(f"The command ended with exit code {done.returncode}.")


def _connected(smtp: SmtpSettings) -> smtplib.SMTP:
    if smtp.security == "none":
        if smtp.user:
            raise _NotTold(
                "A login would go over the network in the clear. Set WODA_SMTP_SECURITY to "
                "starttls or tls, or leave WODA_SMTP_USER out."
            )
        return smtplib.SMTP(smtp.host, smtp.port, timeout=_PATIENCE)
    context = ssl.create_default_context(cafile=smtp.ca)
    if smtp.security == "tls":
        return smtplib.SMTP_SSL(smtp.host, smtp.port, timeout=_PATIENCE, context=context)
    server = smtplib.SMTP(smtp.host, smtp.port, timeout=_PATIENCE)
    try:
        server.starttls(context=context)
    except BaseException:
        server.close()
        raise
    return server


def _smtp_settings() -> SmtpSettings:
    from pydantic import ValidationError

    from woda_lib.records import explain

    try:
        return SmtpSettings()
    except ValidationError as error:
        raise _NotTold(f"A WODA_SMTP_… variable cannot be read: {explain(error)}") from None
