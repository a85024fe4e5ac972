"""All that is out of date, made in one process: libraries are loaded once, then each step is done in a child
of it, several side by side.

A child that crashes takes its own step with it and no more, and its memory is given back. Only this parent
writes records, after the child's files are whole.
"""

from __future__ import annotations

import ctypes
import gc
import os
import signal
import sys
import traceback
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field

from pipeline.making.judge import Begun, Judge
from pipeline.making.steps import Step

TRIES = 3
"""Number of times a step is tried when files change while it reads them."""
CHANGED = "{} changed while it was read, each time: wait until it is there whole, then run it again"
DIE_WITH_PARENT = 1  # PR_SET_PDEATHSIG


@dataclass
class _Child:
    step: Step
    begun: Begun
    tries: int


@dataclass
class Work:
    """Steps that are brought up to date, and how far that has come."""

    judge: Judge
    do: Callable[[Step], int]
    """What a child does; its exit code."""
    refuse: Callable[[Step, str], object]
    """Says that a step came to nothing though its child did not fail."""
    load: Callable[[Step], None]
    """Loads what a step needs, for all children to come."""
    jobs: int = 1
    made: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    """Those too that were left because of one."""
    _loaded: set[str] = field(default_factory=set)
    _running: dict[int, _Child] = field(default_factory=dict)

    def bring_up_to_date(self, goals: Iterable[str]) -> None:
        """Make these steps, and all they follow from, as far as they are out of date.

        Parameters
        ----------
        goals : iterable of str
            Names of steps.

        Notes ----- Fills `made` and `failed`. Of the steps that are ready the one that most steps follow
        from, one after another, begins first. Steps that still run when this is interrupted are ended.
        """
        before = {name: self.judge.before(self.judge.steps[name]) for name in self._needed(goals)}
        urgent = _longest_chains(before)
        # of equally urgent steps first those that read most: they take longest
        waiting = sorted(before, key=lambda name: (-urgent[name], -len(before[name])))
        over: set[str] = set()
        try:
            while waiting or self._running:
                ready = next((name for name in waiting if over.issuperset(before[name])), None)
                if ready and len(self._running) < self.jobs:
                    waiting.remove(ready)
                    if self._begin(
                        self.judge.steps[ready], left=not set(self.failed).isdisjoint(before[ready])
                    ):
                        over.add(ready)
                else:
                    over |= self._finish_child(waiting)
        finally:
            self._terminate_children()

    def alone(self, do: Callable[[], int]) -> None:
        """Do something in a child that is no part of the graph.

        Parameters
        ----------
        do : callable
            Gives the child's exit code, which is not looked at.
        """
        child = _fork(do)
        os.waitpid(child, 0)

    def _needed(self, goals: Iterable[str]) -> list[str]:
        needed: set[str] = set()
        ahead = list(goals)
        while ahead:
            name = ahead.pop()
            if name not in needed:
                needed.add(name)
                ahead += self.judge.before(self.judge.steps[name])
        return [name for name in self.judge.steps if name in needed]

    def _begin(self, step: Step, *, left: bool) -> bool:
        """Begin with a step; True: it is over already, being fresh, or left because of one that failed."""
        if left:
            self.failed.append(step.name)
            return True
        if not self.judge.why(step):
            return True
        self._start(step, 1)
        return False

    def _start(self, step: Step, tries: int) -> None:
        self._load(step)
        begun = self.judge.begin(step)
        child = _fork(lambda: self.do(step))
        self._running[child] = _Child(step, begun, tries)

    def _load(self, step: Step) -> None:
        if step.name not in self._loaded:
            self.judge.code_of(step)  # digests before the code is loaded
            self.load(step)
            gc.freeze()  # memory shared with the children stays shared: their collector does not touch it
            self._loaded.add(step.name)

    def _wait_for_child(self, waiting: list[str]) -> tuple[int, int]:
        """The next child that ends, and its status. While none has, what the next steps need is loaded."""
        for name in waiting:
            ended = os.waitpid(-1, os.WNOHANG)
            if ended[0]:
                return ended
            self._load(self.judge.steps[name])
        return os.wait()

    def _finish_child(self, waiting: list[str]) -> set[str]:
        """Wait until a child ends. The name of its step, unless that is tried again."""
        number, status = self._wait_for_child(waiting)
        child = self._running.pop(number)
        step, code = child.step, os.waitstatus_to_exitcode(status)
        if code < 0:
            self.refuse(step, f"crashed (signal {-code}, {signal.Signals(-code).name})")
        if code:
            self.failed.append(step.name)
        elif changed := self.judge.changed_since(step, child.begun):
            if child.tries < TRIES:
                self._start(step, child.tries + 1)
                return set()
            self.refuse(step, CHANGED.format(", ".join(changed)))
            self.failed.append(step.name)
        elif self._recorded(child):
            self.made.append(step.name)
        return {step.name}

    def _recorded(self, child: _Child) -> bool:
        try:
            self.judge.record(child.step, child.begun)
        except OSError as error:
            self.refuse(child.step, str(error))
            self.failed.append(child.step.name)
            return False
        return True

    def _terminate_children(self) -> None:
        """End the children that still run, and wait until they have removed what they were writing."""
        for number in self._running:
            with suppress(ProcessLookupError):
                os.kill(number, signal.SIGTERM)
        for number in self._running:
            with suppress(ChildProcessError):
                os.waitpid(number, 0)
        self._running.clear()


def _fork(do: Callable[[], int]) -> int:
    """Start a child that does this and nothing else, and ends with its parent; its process id."""
    sys.stdout.flush()
    sys.stderr.flush()
    parent = os.getpid()
    if child := os.fork():
        return child
    code = 1
    try:
        ctypes.CDLL(None).prctl(DIE_WITH_PARENT, signal.SIGTERM)
        if os.getppid() == parent:
            code = do()
    except KeyboardInterrupt:  # the parent is interrupted too, and says so
        code = 130
    except SystemExit as ended:
        code = ended.code if isinstance(ended.code, int) else 1
    except BaseException:  # a defect: shown with its traceback
        traceback.print_exc()
    finally:
        with suppress(OSError):
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(code)


def _longest_chains(before: dict[str, list[str]]) -> dict[str, int]:
    """The length of the longest chain of steps that follow from each: the longest is the most urgent."""
    chains = dict.fromkeys(before, 0)
    for name in reversed(list(before)):  # each stands after those before it
        for one in before[name]:
            chains[one] = max(chains[one], chains[name] + 1)
    return chains
