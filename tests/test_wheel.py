"""What is installed from a wheel works without the checkout, and leaves site-packages clean."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

READ_DEFAULTS = """
import sys
sys.path.insert(0, sys.argv[1])
import gateway
assert gateway.__file__.startswith(sys.argv[1]), gateway.__file__
from gateway.settings import load_settings
from gateway.shipped import shipped
print(load_settings().agency.short_name)
print(shipped("templates"))
"""


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The unpacked wheel."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    subprocess.run(command, check=True, capture_output=True)
    (wheel,) = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder / "site")
    return folder / "site"


def test_nothing_but_the_two_packages_lands_beside_other_peoples(installed: Path) -> None:
    names = {path.name for path in installed.iterdir() if not path.name.endswith(".dist-info")}
    assert names == {"gateway", "handlers"}


def test_the_defaults_and_templates_are_found_inside_the_wheel(installed: Path, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-P", "-c", READ_DEFAULTS, str(installed)],
        cwd=tmp_path,
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.stdout.splitlines() == ["Sở GTVT", str(installed / "gateway" / "shipped" / "templates")], done.stderr
