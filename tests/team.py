"""A desk where people log in, for tests: one person of each role, sessions and keys for them."""

from contextlib import contextmanager
from dataclasses import dataclass

import pytest
from argon2 import PasswordHasher

from openembargo.apps.doors.desks import Serving
from openembargo.apps.server import create_app
from openembargo.jobs.keep_people import PeopleDesk
from openembargo.storage import secrets_kept
from openembargo.storage.secrets_kept import mark_of
from openembargo.terms.person import Role

from .conftest import HERE

testing = pytest.importorskip("fastapi.testclient")
PASSWORD = "correct horse battery"


@dataclass
class Team:
    """The application, a client of it without any log-in, and the desk that keeps its people."""

    app: object
    client: object
    people: PeopleDesk

    def session(self, name):
        """Log somebody in and return the headers that their browser sends."""
        token = self.people.sign_in(name, PASSWORD, "192.0.2.1").token
        return {"Cookie": f"openembargo={token}", "X-CSRF-Token": mark_of(token)}

    def key(self, name, *rights):
        """Make a key and return the headers that a program sends."""
        return {"Authorization": f"Bearer {self.people.new_key(name, 'tests', rights, 30, 'root')[1]}"}


@contextmanager
def running_team(folder, **serving):
    """Yield a desk where people log in; each role has a person of its name."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("OPENEMBARGO_HOME", str(folder))
        quick = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
        patch.setattr(secrets_kept, "_hasher", quick)
        nobodys = quick.hash("nobody's")
        patch.setattr(secrets_kept, "_nobodys", lambda: nobodys)
        app = create_app(Serving(f"sqlite:///{folder}/desk.db", team=True, **serving))
        with testing.TestClient(app, base_url=HERE, follow_redirects=False) as client:
            people = app.state.desks.people
            for role in Role:
                people.add(role.value, [role], PASSWORD, "root")
            people.add("nobody in particular", [Role.AUDITOR], PASSWORD, "root")
            yield Team(app, client, people)
