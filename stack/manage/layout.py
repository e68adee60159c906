# SPDX-License-Identifier: Apache-2.0
"""Where the stack's files are, and the settings that `up` remembers.

Everything lives in one folder, so that deleting it forgets everything. The engine resolves the
paths of pages and format schemas against its working directory, which is `files`.
"""
import dataclasses
import json
import pathlib

SOURCE = pathlib.Path(__file__).resolve().parent.parent.parent


class StackError(Exception):
    """Something that a person has to mend; the text says what."""


@dataclasses.dataclass
class Settings:
    """What `up` can be told."""
    https_port: int = 8443
    http_port: int = 8123
    listen: str = "127.0.0.1"
    names: list = dataclasses.field(default_factory=list)
    open_reader: bool = False

    @classmethod
    def options(cls):
        """The names of all settings."""
        return [field.name for field in dataclasses.fields(cls)]


class Layout:
    """The files under one folder."""

    def __init__(self, folder):
        self.folder = folder.absolute()
        self.settings_file = self.folder / "settings.json"
        self.secrets = self.folder / "secrets"      # 0700: passwords and keys
        self.certificates = self.folder / "tls"
        self.files = self.folder / "files"          # schemas, and what the page consists of
        self.data = self.folder / "data"
        self.logs = self.folder / "log"
        self.config = self.folder / "config"
        self.run = self.folder / "run"              # exists while something runs

    @classmethod
    def created(cls, folder):
        """The layout of a folder that is made if needed."""
        layout = cls(folder)
        if layout.folder.exists() and not layout.settings_file.exists() \
                and any(layout.folder.iterdir()):
            raise StackError(f"{layout.folder} holds other files: name an empty folder")
        for path in (layout.secrets, layout.certificates, layout.files, layout.data, layout.logs,
                     layout.config):
            path.mkdir(parents=True, exist_ok=True)
        layout.secrets.chmod(0o700)
        layout.data.chmod(0o700)
        return layout

    @classmethod
    def existing(cls, folder):
        """The layout of a folder that `up` made before."""
        layout = cls(folder)
        if not layout.settings_file.exists():
            raise StackError(f"no stack in {layout.folder}: run `up` first")
        return layout

    def password_file(self, user):
        """The file with one user's password."""
        return self.secrets / f"{user}.password"

    def load_settings(self):
        """What the last `up` was told."""
        if not self.settings_file.exists():
            return Settings()
        return Settings(**json.loads(self.settings_file.read_text()))

    def save_settings(self, settings):
        """Remember for the next command."""
        self.settings_file.write_text(json.dumps(dataclasses.asdict(settings), indent=2) + "\n")
