#!/usr/bin/env python3
"""Posts the agenda of a circle once a week, over the local API of your node.

It needs nothing but Python 3 and a node that runs. Whether this week's agenda is there already it sees
from the circle, by its title. What was taken back or erased since has none any more: so it remembers
the id of what it posted last, beside the agenda, in a file that nobody else can read. It never answers
a question that is for a person: what the facilitators would have to report, and a new agreement, it
leaves to you.

    weekly-agenda.py --circle "Evening walk" --agenda agenda.txt --weekday monday --time 19:00
    weekly-agenda.py --circle "Evening walk" --agenda agenda.txt --once     # from cron, for example

Exit codes, as of `windbreak`: 0 done; 1 it did not work; 2 the command line was not understood;
3 refused by the circle's rules, a person has to do something; 4 the node is not running.
"""

import argparse
import datetime
import hashlib
import http.client
import json
import os
import socket
import sys
import tempfile
import time
import urllib.parse

DAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
WEEK = datetime.timedelta(days=7)
# Bytes of the longest text a circle takes, characters of the longest title.
MAX_TEXT = 256 * 1024
MAX_TITLE = 80
# Items in one answer of the node at most.
PAGE = 500
# A clock of somebody else may be wrong by so much.
SLACK = 2 * 24 * 3600
# Between two attempts while the node rests or a share has to wait.
PATIENCE = 60

# What passes by itself, so that it is tried again.
PASSES = {"stopping", "too_soon", "coming_back", "outbox_full", "store_full", "store_unreadable"}
# What a person has to do something about, besides the refusals of the node that say so themselves.
FOR_A_PERSON = {
    "agreement_unaccepted",
    "declaration_unheard",
    "muted",
    "listener",
    "circle_closed",
    "could_identify",
}


class Trouble(Exception):
    """Why it did not work: words, what to do next, and the exit code."""

    def __init__(self, code, words, following, number):
        super().__init__(words)
        self.code, self.words, self.following, self.number = code, words, following, number


class Local(http.client.HTTPConnection):
    """HTTP over the private socket of a profile."""

    def __init__(self, path):
        super().__init__("node", timeout=120)
        self.path = path

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self.path)


def ask(path, method, where, body=None):
    """One request; gives the data of the answer."""
    not_running = Trouble(
        "node_not_running",
        "no node is running for this profile",
        "start it with: windbreak node start",
        4,
    )
    connection = Local(path)
    try:
        text = None if body is None else json.dumps(body).encode()
        headers = {} if body is None else {"content-type": "application/json"}
        connection.request(method, where, body=text, headers=headers)
        answer = json.load(connection.getresponse())
    except (ConnectionRefusedError, FileNotFoundError):
        raise not_running from None
    except PermissionError:
        raise Trouble(
            "node_socket",
            "the socket of this profile belongs to somebody else",
            "run this as the user whose profile it is",
            1,
        ) from None
    except (OSError, ValueError, http.client.HTTPException):
        raise Trouble(
            "node_broke_off",
            "the node did not answer as it should",
            "look at: windbreak node status",
            4,
        ) from None
    finally:
        connection.close()
    if "error" in answer:
        why = answer["error"]
        number = 3 if why["code"] in FOR_A_PERSON else 1
        raise Trouble(why["code"], why["message"], why["next"], number)
    return answer["data"]


def find_circle(path, named):
    """The circle of this id or title, or of which either begins so."""
    circles = ask(path, "GET", "/v1/circles")["circles"]
    exact = [one for one in circles if named in (one["id"], one["title"])]
    begins = [one for one in circles if one["title"].startswith(named) or one["id"].startswith(named)]
    found = exact or begins
    if len(found) != 1:
        what = "no circle is" if not found else "more than one circle is"
        raise Trouble(
            "unknown_circle", f"{what} called so", "name it by its id: windbreak circle list", 1
        )
    return found[0]


def pages(path, circle):
    """The newest items first; all of them, from the beginning, if those do not reach far enough."""
    where = f"/v1/circles/{circle}/items?limit={PAGE}"
    newest = ask(path, "GET", f"{where}&newest=true")
    yield newest["items"]
    if newest["before"] == 0:
        return
    after = ""
    while True:
        page = ask(path, "GET", f"{where}{after}")
        yield page["items"]
        if not page["more"]:
            return
        after = "&after=" + urllib.parse.quote(page["items"][-1]["id"])


def find_posted(path, circle, title, since, last):
    """This person's agenda if it was posted since a moment: by its title, or by its id if it was the
    last one, as one that was taken back, or that the circle erased, has no title any more."""
    for items in pages(path, circle):
        for item in items:
            is_agenda = item["id"] == last or item.get("title") == title
            is_own = item["own"] and item["kind"] == "share" and item["written"] >= since
            if is_own and is_agenda:
                return item["id"]
        if any(item["written"] < since - SLACK for item in items):
            return None
    return None


class Memory:
    """The ids of what was posted last, each under a hash of its circle, member and title."""

    def __init__(self, name):
        self.name = os.path.realpath(name)
        try:
            with open(self.name, encoding="utf-8") as file:
                self.last = json.load(file)
        except FileNotFoundError:
            self.last = {}
        except (OSError, ValueError):
            self.last = None
        if not isinstance(self.last, dict):
            raise self.trouble("cannot be read")

    @staticmethod
    def key(circle, title):
        named = f"{circle['id']}\n{circle['me']}\n{title}"
        return hashlib.sha256(named.encode()).hexdigest()[:32]

    def write(self):
        """Puts it where it was, as a whole; nobody else can read it."""
        temporary = None
        try:
            # Its mode is 0600 from the beginning.
            handle, temporary = tempfile.mkstemp(dir=os.path.dirname(self.name), prefix=".posted-")
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                json.dump(self.last, file)
                file.flush()
                os.fsync(file.fileno())
            os.replace(temporary, self.name)
        except OSError:
            if temporary and os.path.exists(temporary):
                os.unlink(temporary)
            raise self.trouble("cannot be written") from None

    @staticmethod
    def trouble(what):
        words = f"the file that remembers what was posted {what}"
        return Trouble("memory", words, "name another one: --memory FILE", 1)


def read_agenda(name):
    """The text to post."""
    try:
        with open(name, encoding="utf-8") as file:
            text = file.read(MAX_TEXT + 1).strip()
    except (OSError, UnicodeDecodeError) as error:
        kind = "is not text in UTF-8" if isinstance(error, UnicodeDecodeError) else "cannot be read"
        raise Trouble(
            "agenda", f"the file with the agenda {kind}", "name another one: --agenda FILE", 1
        ) from None
    if not text or len(text.encode()) > MAX_TEXT:
        what = "is empty" if not text else "is longer than 256 KiB"
        raise Trouble("agenda", f"the file with the agenda {what}", "write it anew", 1)
    return text


def moment_before(weekday, at, now):
    """The latest moment of this weekday and time that is not after `now`, by the clock of the wall."""
    day = now.date() - datetime.timedelta(days=(now.weekday() - weekday) % 7)
    moment = datetime.datetime.combine(day, at)
    return moment if moment <= now else moment - WEEK


def is_due(moment, done, now, late):
    """Whether the agenda of a moment is to be posted: not yet done, and at most so many hours ago."""
    return moment != done and now - moment <= datetime.timedelta(hours=late)


def post(path, args, since):
    """Posts this week's agenda unless it is there. Gives the id of what was posted."""
    text = read_agenda(args.agenda)
    circle = find_circle(path, args.circle)
    if not circle["agreement_accepted"]:
        raise Trouble(
            "agreement_unaccepted",
            "the circle has a new agreement, and it is yours to accept, not a program's",
            "read it and decide: windbreak agreement show CIRCLE",
            3,
        )
    memory = Memory(args.memory or args.agenda + ".posted")
    key = memory.key(circle, args.title)
    last, since = memory.last.get(key), int(since.timestamp())
    found = find_posted(path, circle["id"], args.title, since, last)
    if found:
        if found != last:
            memory.last[key] = found
            memory.write()
        return None
    # Before, too: what could not be remembered is not posted.
    memory.write()
    share = {"kind": "share", "ask": "ideas_welcome", "title": args.title, "text": text}
    share["scope"] = "also_later" if args.also_later else "here_now"
    try:
        posted = ask(path, "POST", f"/v1/circles/{circle['id']}/items", share)["id"]
    except Trouble as trouble:
        if trouble.code == "declaration_unheard":
            trouble.following = (
                "it is for you to read, not for a program: share something yourself once, and "
                "windbreak share shows it before"
            )
        raise
    memory.last[key] = posted
    memory.write()
    return posted


def socket_of(profile):
    """Where the node of a profile listens."""
    data = os.environ.get("XDG_DATA_HOME") or os.path.expanduser("~/.local/share")
    folder = profile or os.environ.get("WINDBREAK_PROFILE")
    folder = folder or os.path.join(data, "windbreak", "default")
    return os.path.join(os.path.realpath(folder), "node.sock")


def harmless(text):
    """Words for a terminal: nothing in them moves a cursor."""
    return "".join(sign if sign.isprintable() else "?" for sign in text)


def complain(trouble):
    print(f"Error: {harmless(trouble.words)}", file=sys.stderr)
    print(f"Next: {harmless(trouble.following)}", file=sys.stderr)


def stay(path, args):
    """Posts it every week, until a person has to do something."""
    last_words, done = None, None
    while True:
        now = datetime.datetime.now()
        moment = moment_before(args.weekday, args.time, now)
        if is_due(moment, done, now, args.late):
            try:
                posted = post(path, args, moment)
                if posted:
                    print(f"posted {posted}", flush=True)
                last_words, done = None, moment
            except Trouble as trouble:
                if trouble.number != 4 and trouble.code not in PASSES:
                    raise
                if trouble.words != last_words:
                    complain(trouble)
                    last_words = trouble.words
        # Looked at again and again, so that a laptop that slept does not miss it. The node is asked
        # nothing meanwhile.
        time.sleep(PATIENCE)


def weekday(text):
    found = [number for number, name in enumerate(DAYS) if name.startswith(text.lower())]
    if len(text) < 2 or len(found) != 1:
        raise argparse.ArgumentTypeError("a day of the week, like monday")
    return found[0]


def clock(text):
    try:
        return datetime.datetime.strptime(text, "%H:%M").time()
    except ValueError:
        raise argparse.ArgumentTypeError("a time of the day, like 19:00") from None


def title(text):
    if not text.strip() or len(text) > MAX_TITLE:
        raise argparse.ArgumentTypeError(f"a title of 1 to {MAX_TITLE} characters")
    return text.strip()


def arguments():
    parser = argparse.ArgumentParser(
        description="Posts the agenda of a circle once a week, over the local API of your node."
    )
    add = parser.add_argument
    add("--circle", required=True, help="title or id of the circle, or how either begins")
    add("--agenda", required=True, metavar="FILE", help="the file with the text, read each time")
    add("--memory", metavar="FILE", help="where it remembers what it posted; FILE.posted beside the agenda")
    add("--title", type=title, default="Agenda", help="by which it knows its own share again")
    add("--weekday", type=weekday, default=0, metavar="DAY", help="when a week begins; monday")
    add("--time", type=clock, default=clock("19:00"), metavar="HH:MM", help="and at what time; 19:00")
    add("--also-later", action="store_true", help="let those read it, too, who join later")
    add("--once", action="store_true", help="post now, if none is there since the week began; then end")
    add("--late", type=int, default=24, metavar="HOURS", help="post it so late at most; 24")
    where = parser.add_mutually_exclusive_group()
    where.add_argument("--profile", metavar="DIR", help="the folder of the profile")
    where.add_argument("--socket", metavar="PATH", help="the socket of the node, if its path is a long one")
    return parser.parse_args()


def main():
    args = arguments()
    path = args.socket or socket_of(args.profile)
    try:
        if not args.once:
            stay(path, args)
        moment = moment_before(args.weekday, args.time, datetime.datetime.now())
        posted = post(path, args, moment)
        print(f"posted {posted}" if posted else "the agenda of this week is there already")
        return 0
    except Trouble as trouble:
        complain(trouble)
        return trouble.number
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
