#!/usr/bin/env python3
"""Times whole processes against each other and prints a Markdown table; the first command is the measure of the others.

    measure.py --rows N --runs N NAME COMMAND [NAME COMMAND …]

Each round runs every command once and the next round begins with another one, so that none is always first.
Wall time and processor time (user and system, all threads) are the least and the median of the rounds; memory is
the peak resident set of one more run under GNU time, which is small enough not to count in it.
"""

import argparse
import os
import shlex
import statistics
import subprocess
import sys
import time


def run(command):
    """Wall and processor seconds of one run. A command that refuses the list ends the comparison."""
    begun = time.perf_counter()
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    said = child.stderr.read()
    _, status, used = os.wait4(child.pid, 0)
    wall = time.perf_counter() - begun
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode != 0:
        sys.exit(f"{shlex.join(command)} ended with {child.returncode}: {said.decode(errors='replace')}")
    return wall, used.ru_utime + used.ru_stime


def peak(command):
    """Peak resident memory in MiB."""
    timed = ["/usr/bin/time", "--format=%M", *command]
    said = subprocess.run(timed, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=True).stderr
    return int(said.split()[-1]) / 1024


def rounds(commands, runs):
    """All runs of each command, in turns."""
    taken = [[] for _ in commands]
    for turn in range(runs):
        for step in range(len(commands)):
            which = (turn + step) % len(commands)
            taken[which].append(run(commands[which]))
    return taken


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, required=True)
    parser.add_argument("--runs", type=int, required=True)
    parser.add_argument("pairs", nargs="+", metavar="NAME COMMAND")
    options = parser.parse_args()
    names = options.pairs[::2]
    commands = [shlex.split(command) for command in options.pairs[1::2]]
    taken = rounds(commands, options.runs)
    least = [tuple(min(column) for column in zip(*runs)) for runs in taken]
    median = [statistics.median(wall for wall, _ in runs) for runs in taken]
    print("| what | wall, least | median | processor | rows/s | peak memory | × wall | × processor |")
    print("|---|---|---|---|---|---|---|---|")
    for name, command, (wall, cpu), middle in zip(names, commands, least, median):
        print(
            f"| {name} | {wall:.3f} s | {middle:.3f} s | {cpu:.3f} s | {options.rows / wall:,.0f} "
            f"| {peak(command):.0f} MiB | {wall / least[0][0]:.1f} | {cpu / least[0][1]:.1f} |"
        )


if __name__ == "__main__":
    main()
