"""The README's two commands on a machine that has nothing: `make fresh`, before every release.

Builds a minimal Debian with python3, make and git (mmdebstrap), twice: in one the commands run as root, in
the other as an ordinary user. In each: clone what is committed, `make`, `make` again, which has to do
nothing, `make test`. Says how each ended. How this machine reaches Debian's packages and PyPI is taken over:
apt's sources, pip's settings and the certificates.

Needs root, Linux, and about 5 GB in --in (default: the temporary folder), which is given back.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

SUITE = "bookworm"
USER = "planner"
PACKAGES = "python3,make,git"
#: Settings of this machine without which pip or apt may not get through here.
CARRIED = re.compile(r"PIP_\w+|\w*_proxy|\w*_PROXY|\w*SSL_CERT\w*|\w*CA_BUNDLE|LANG|LC_ALL|OMP_NUM_THREADS")
PIP_SETTINGS = ("/etc/pip.conf", "/etc/xdg/pip", "~/.pip", "~/.config/pip")
#: What Debian makes its list of certificates of, whenever ca-certificates is installed.
AUTHORITIES = "/usr/local/share/ca-certificates"
#: What the shell inside sees of it: mounts end with the namespace.
ENTER = """
mount --rbind /dev "$0/dev" && mount -t proc proc "$0/proc" && mount -t tmpfs none "$0/dev/shm"
for path in $BOUND; do
  mkdir -p "$0$path" && mount --bind "$path" "$0$path" && mount -o remount,ro,bind "$0$path"
done
exec chroot "$0" "$@"
"""


def main() -> int:
    """Build, run, say; 0 if everything ended as it should."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument(
        "--test", default="make test", help="what to run as the third command (default: %(default)s)"
    )
    parser.add_argument("--only", choices=("root", "user"), help="only as root, or only as an ordinary user")
    parser.add_argument("--in", dest="place", type=Path, help="folder to work in")
    args = parser.parse_args()
    if os.geteuid() != 0:
        sys.exit("make fresh builds a Debian of its own, and for that has to be root: sudo make fresh")
    if not shutil.which("mmdebstrap"):
        subprocess.run(
            "apt-get update -qq && apt-get install -y -qq --no-install-recommends mmdebstrap >/dev/null",
            shell=True,
            check=True,
        )
    carried = {name: value for name, value in os.environ.items() if CARRIED.fullmatch(name)}
    with tempfile.TemporaryDirectory(prefix="fresh-", dir=args.place) as scratch:
        first = Path(scratch) / "root"
        print(f"building a Debian {SUITE} with {PACKAGES} and nothing else …", flush=True)
        bound = build(first, carried)
        if args.only != "root":
            subprocess.run(["cp", "-a", str(first), f"{scratch}/user"], check=True)
        wrong = []
        for who in [args.only] if args.only else ["root", "user"]:
            wrong += run(Path(scratch) / who, who, carried, bound, args.test)
    print(
        "\n".join(
            ["", *wrong]
            if wrong
            else ["", "fresh: both commands do on a machine with nothing what they should"]
        )
    )
    return bool(wrong)


def build(root: Path, carried: dict[str, str]) -> list[str]:
    """A minimal Debian in that folder, with the repository in it as a bundle; returns folders of this machine
    it has to see.
    """
    sources = [
        str(path)
        for pattern in ("sources.list", "sources.list.d/*.list", "sources.list.d/*.sources")
        for path in Path("/etc/apt").glob(pattern)
    ]
    command = [
        "mmdebstrap",
        "--quiet",
        "--variant=minbase",
        f"--include={PACKAGES}",
        SUITE,
        str(root),
        *sources,
    ]
    subprocess.run(command, check=True)
    subprocess.run(
        ["git", "bundle", "create", "--quiet", str(root / "srv" / "here.bundle"), "HEAD"], check=True
    )
    for name in ("/etc/resolv.conf", "/etc/hosts"):
        shutil.copy(name, f"{root}{name}")
    subprocess.run(["chroot", str(root), "useradd", "--create-home", USER], check=True)

    texts = [*carried.values()]
    if Path(AUTHORITIES).is_dir():
        subprocess.run(["cp", "-rL", "--parents", AUTHORITIES, str(root)], check=True)
    for setting in map(Path, PIP_SETTINGS):
        found = setting.expanduser()
        for path in [found] if found.is_file() else found.rglob("*") if found.is_dir() else []:
            texts.append(path.read_text(encoding="utf-8"))
            homes = ["root", f"home/{USER}"] if str(setting).startswith("~") else [""]
            for home in homes:
                put = root / home / path.relative_to(Path.home() if home else "/")
                put.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(path, put)
    bound = []
    for place in sorted(
        {Path(word) for text in texts for word in re.findall(r"(?<![\w:/.])(?:file://)?(/[\w./+-]+)", text)}
    ):
        if place.is_relative_to("/etc") and place.exists():
            subprocess.run(
                ["cp", "-rL", "--parents", str(place), str(root)], check=False, stderr=subprocess.DEVNULL
            )  # a link to nothing is no loss
        elif place.is_dir():
            bound.append(str(Path(*place.parts[:3])))  # what an index of files links to stands beside it
    return sorted(set(bound))


def run(root: Path, who: str, carried: dict[str, str], bound: list[str], test: str) -> list[str]:
    """The commands as root or as an ordinary user; returns what went wrong."""
    name, home = ("root", "/root") if who == "root" else (USER, f"/home/{USER}")
    settings = {
        **carried,
        "HOME": home,
        "USER": name,
        "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
    }
    wrong = []

    def step(command: str, folder: str) -> subprocess.CompletedProcess[str]:
        inside = [
            "runuser",
            "-u",
            name,
            "--",
            "env",
            "-i",
            *(f"{key}={value}" for key, value in settings.items()),
            "sh",
            "-c",
        ]
        outside = ["unshare", "--mount", "--pid", "--fork", "--kill-child", "sh", "-c", ENTER, str(root)]
        begun = time.monotonic()
        with (root / "srv" / "said").open("w+", encoding="utf-8", errors="replace") as said:
            done = subprocess.run(
                [*outside, *inside, f"cd {folder} && {command}"],
                env={**os.environ, "BOUND": " ".join(bound)},
                stdout=said,
                stderr=subprocess.STDOUT,
                check=False,
            )
            said.seek(0)
            text = said.read()
        last = next((line for line in reversed(text.splitlines()) if line.strip()), "(says nothing)")
        print(
            f"as {who:<4} {command:<42} {time.monotonic() - begun:5.0f} s  exit {done.returncode}  {last}",
            flush=True,
        )
        if done.returncode:
            print("\n".join(text.splitlines()[-30:]), flush=True)
            wrong.append(f"as {who}: `{command}` ends with exit code {done.returncode}")
        return subprocess.CompletedProcess(command, done.returncode, text)

    step("git clone --quiet /srv/here.bundle checkout", home)
    step("make", f"{home}/checkout")
    again = step("make", f"{home}/checkout").stdout
    if re.sub(r"make.*: Nothing to be done for .*\n", "", again):
        wrong.append(f"as {who}: the second make does not do nothing: {again.splitlines()[0]}")
    tested = step(test, f"{home}/checkout").stdout
    for line in tested.splitlines():
        if line.startswith(("Missing here:", "installing")):
            print(f"as {who:<4}   {line}", flush=True)
    summary = tested.splitlines()[-1] if tested.splitlines() else ""
    if re.search(r"\berrors?\b", summary):
        wrong.append(f"as {who}: tests end in errors: {summary}")
    if who == "root" and "Missing here:" in tested:
        wrong.append("as root: something is named that could be installed")
    if (
        who == "user"
        and re.search(r"skipped", summary)
        and "Missing here:" not in tested.partition("test session")[0] + tested.partition("\n.")[0]
    ):
        wrong.append("as user: tests are skipped, and what is missing is not named before them")
    return wrong


if __name__ == "__main__":
    sys.exit(main())
