#!/usr/bin/env python3
"""tools/pictures.py [BINARY] [--output FOLDER] [--only pages|terminal]: the pictures of the README, in light and dark.

Three pages of the dashboard by Debian's chromium, and a terminal session as an animated SVG from what the commands really
printed, all on the simulated project at a fixed moment: the same program gives the same SVG byte for byte, and the same pages
but for fonts. Nothing is asked of any network. PNGs are made small by pngquant and optipng, where they are installed.
"""
import argparse
import html
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unicodedata
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parents[1]
NOW = "2026-10-02T08:00:00Z"
WIDTH, HEIGHT = 1280, 800  # of a page
LARGEST = 150_000  # bytes of a PNG
COLUMNS, ROWS = 100, 27  # of the terminal
CELL_WIDTH, LINE, MARGIN, BAR = 8.4, 19, 18, 34
TYPING, READING = 0.045, 5.0  # seconds: for a letter, for what was printed
# Ink and paper of the dashboard, so that both pictures look like one program; the eight colours of a terminal.
SCHEMES = {
    "light": {"paper": "#fbfaf7", "bar": "#ece9e1", "ink": "#26241f", "quiet": "#7a756a", "edge": "#d8d3c7", "30": "#26241f", "31": "#a8321f", "32": "#3b6b22", "33": "#8a6100", "34": "#1f5a96", "35": "#7d3c83", "36": "#14676b", "37": "#7a756a"},
    "dark": {"paper": "#1b1a17", "bar": "#2a2823", "ink": "#e8e4da", "quiet": "#9a9487", "edge": "#3a372f", "30": "#9a9487", "31": "#f0836e", "32": "#a3cf80", "33": "#e2b85c", "34": "#84b9ee", "35": "#d79bdd", "36": "#78c8cb", "37": "#e8e4da"},
}


class Project:
    """The simulated project in a folder of its own, imported."""

    def __init__(self, binary):
        self.binary, self.work = binary, pathlib.Path(tempfile.mkdtemp(prefix="resident-pictures-"))
        self.environment = {"PATH": os.environ["PATH"], "HOME": str(self.work), "LC_ALL": "C.UTF-8", "TZ": "UTC", "RESIDENT_NOW": NOW}
        self.run("simulate", "demo", "--seed", "1", "--issues", "1000")
        self.run("add", "git", "demo/repository.git", "--project", "demo")
        self.run("add", "jsonl", "demo/project.jsonl", "--project", "demo")

    def run(self, *words, **more):
        done = subprocess.run([self.binary, *words], cwd=self.work, env={**self.environment, **more}, capture_output=True, text=True)
        if done.returncode:
            raise SystemExit(f"resident {' '.join(words)}: exit code {done.returncode}: {done.stderr}")
        return done.stdout

    def pull_to_show(self):
        """The number of the pull request that Today names first, else of any that is open."""
        results = json.loads(self.run("review", "--json"))
        for result in results if isinstance(results, list) else [results]:
            for row in result["rows"]:
                if row.get("number"):
                    return str(row["number"]).lstrip("#")
        raise SystemExit("the simulated project has no open pull request")

    def close(self):
        shutil.rmtree(self.work, ignore_errors=True)


# Pages

def shrink(path):
    if shutil.which("pngquant"):
        subprocess.run(["pngquant", "--force", "--skip-if-larger", "--strip", "--speed", "1", "--output", str(path), "256", str(path)], check=False)
    if shutil.which("optipng"):
        subprocess.run(["optipng", "-quiet", "-o4", "-strip", "all", str(path)], check=True)
    size = path.stat().st_size
    if size > LARGEST:
        raise SystemExit(f"{path} has {size} bytes, more than {LARGEST}; are pngquant and optipng installed?")
    print(f"{path}: {size // 1000} kB", file=sys.stderr)


def fetch(address):
    with urllib.request.urlopen(address) as answer:
        return answer.read().decode()


def from_heading(address, place, heading):
    """A page of the dashboard as one file, with its own style sheet and script within, and without the sections before
    a heading (a picture begins at the top); the policy of the page, which would forbid that, is left out."""
    page = re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", fetch(address + place))
    page = re.sub(r'<link rel="stylesheet" href="([^"]*)">', lambda found: f"<style>{fetch(address + found.group(1))}</style>", page)
    page = re.sub(r'<script src="([^"]*)"></script>', lambda found: f"<script>{fetch(address + found.group(1))}</script>", page)
    script = """<script>addEventListener("load", () => {
      let found = [...document.querySelectorAll("main h2, main h3")].find((each) => each.textContent.trim().startsWith(%s));
      while (found && found.parentElement.tagName !== "MAIN") found = found.parentElement;
      for (const each of found ? [...found.parentElement.children] : [])
        if (each.compareDocumentPosition(found) & Node.DOCUMENT_POSITION_FOLLOWING && (each.matches("h2, h3") || each.querySelector("h2, h3"))) each.remove();
    });</script>""" % json.dumps(heading)
    return page.replace("</body>", (script if heading else "") + "</body>", 1)


def make_pages(project, output):
    browser = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if not browser:
        raise SystemExit("chromium is not installed")
    server = subprocess.Popen([project.binary, "serve", "--port", "0", "--patience", "600000"], cwd=project.work, env=project.environment, stderr=subprocess.PIPE, text=True)
    try:
        address = re.search(r"http://127\.0\.0\.1:\d+", server.stderr.readline()).group(0)
        for name, place, heading in (("today", "/", ""), ("pull-request", f"/item/{project.pull_to_show()}", "Readiness"), ("flow", "/flow", "What becomes of pull requests")):
            page = project.work / f"{name}.html"
            page.write_text(from_heading(address, place, heading))
            for scheme in SCHEMES:
                path = output / f"{name}-{scheme}.png"
                path.unlink(missing_ok=True)
                subprocess.run([browser, "--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
                                "--font-render-hinting=none", "--force-device-scale-factor=1", "--force-color-profile=srgb", f"--user-data-dir={project.work / 'browser'}",
                                # What pages ask for with prefers-color-scheme: 0 is dark, 1 light.
                                f"--blink-settings=preferredColorScheme={0 if scheme == 'dark' else 1}", "--virtual-time-budget=10000", f"--window-size={WIDTH},{HEIGHT}", f"--screenshot={path}", page.as_uri()],
                               check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=300)
                shrink(path)
    finally:
        server.terminate()
        server.wait()


# Terminal

def cells(text):
    """How many columns a text takes."""
    return sum(0 if unicodedata.combining(each) else 2 if unicodedata.east_asian_width(each) in "WF" else 1 for each in text)


def styled(lines):
    """For each line [(text, bold, colour)], by the codes that the program prints; they hold beyond the end of a line."""
    bold, colour = False, None
    for line in lines:
        found = []
        for part in re.split(r"(\x1b\[[0-9;]*m)", line):
            if not part.startswith("\x1b["):
                found += [(part, bold, colour)] if part else []
                continue
            for code in (part[2:-1] or "0").split(";"):
                if code in ("0", ""):
                    bold, colour = False, None
                elif code in ("1", "22"):
                    bold = code == "1"
                elif code in ("2", "90"):
                    colour = "quiet"
                elif re.fullmatch(r"3[0-79]", code):
                    colour = None if code == "39" else code
        yield found


def text_of(line, y, scheme):
    """SVG of one line of styled(); every run of text stands where its column is, whatever font there is."""
    column, result = 0, ""
    for text, bold, colour in line:
        for run in re.split(r"( {2,})", text):
            if run.strip():
                lead, shown = len(run) - len(run.lstrip(" ")), run.strip(" ")
                style = (' font-weight="700"' if bold else "") + (f' fill="{SCHEMES[scheme][colour]}"' if colour else "")
                result += f'<text x="{MARGIN + (column + lead) * CELL_WIDTH:.1f}" y="{y}" textLength="{cells(shown) * CELL_WIDTH:.1f}"{style}>{html.escape(shown, quote=False)}</text>'
            column += cells(run)
    return result


def make_terminal(project, output):
    pull = project.pull_to_show()
    words = [["today", "--limit", "12"], ["review", "show", pull], ["review", "next", "--minutes", "60"], ["flow"]]
    scenes = []
    for each in words:
        lines = project.run(*each, COLUMNS=str(COLUMNS), CLICOLOR_FORCE="1").rstrip("\n").split("\n")
        more = len(lines) - (ROWS - 2)
        scenes.append(("resident " + " ".join(each), lines[:ROWS - 2], max(0, more)))
    moments, total = [], 0.0
    for command, _, _ in scenes:
        typed = len(command) * TYPING
        moments.append((total, typed))
        total += typed + READING
    width, height = 2 * MARGIN + COLUMNS * CELL_WIDTH, BAR + (ROWS + 1) * LINE
    for scheme, colours in SCHEMES.items():
        rules, body = [], []
        for index, ((command, lines, more), (start, typed)) in enumerate(zip(scenes, moments)):
            end = start + typed + READING
            percent = lambda seconds: f"{100 * seconds / total:.3f}%"  # noqa: E731
            # A scene is there from its first letter to the next scene's; what it printed, from its last letter on.
            before = "" if start == 0 else f"0%,{percent(start - 0.001)}{{visibility:hidden}}"
            after = "" if end >= total - 0.001 else f"{percent(end)},100%{{visibility:hidden}}"
            rules.append(f"@keyframes s{index}{{{before}{percent(start)},{percent(end - 0.001)}{{visibility:visible}}{after}}}")
            rules.append(f"@keyframes o{index}{{0%,{percent(start + typed)}{{opacity:0}}{percent(start + typed + 0.001)},100%{{opacity:1}}}}")
            steps = len(command)
            rules.append(f"@keyframes t{index}{{0%,{percent(start)}{{transform:translateX(0);animation-timing-function:steps({steps})}}{percent(start + typed)},100%{{transform:translateX({steps * CELL_WIDTH:.1f}px)}}}}")
            rules.append(f".s{index}{{animation:s{index} {total:.2f}s step-end infinite}}.o{index}{{animation:o{index} {total:.2f}s step-end infinite}}.t{index}{{animation:t{index} {total:.2f}s linear infinite}}")
            y = BAR + LINE
            prompt = f'<text x="{MARGIN}" y="{y}" fill="{colours["32"]}" font-weight="700">$</text>' + text_of([("  " + command, False, None)], y, scheme)
            # Typing: a sheet of paper that moves away to the right.
            cover = f'<rect class="t{index}" transform="translate({steps * CELL_WIDTH:.1f})" x="{MARGIN + 2 * CELL_WIDTH:.1f}" y="{y - LINE + 5}" width="{width}" height="{LINE}" fill="{colours["paper"]}"/>'
            shown = "".join(text_of(line, y + LINE * (row + 1), scheme) for row, line in enumerate(styled(lines)))
            if more:
                rest = f"… {more} more line" + ("s" if more > 1 else "")
                shown += text_of([(rest, False, "quiet")], y + LINE * (len(lines) + 1), scheme)
            hidden = "" if index == 0 else ' visibility="hidden"'
            body.append(f'<g class="s{index}"{hidden}>{prompt}{cover}<g class="o{index}">{shown}</g></g>')
        # Who wants no motion, or has nothing that can move, sees the first screen, all of it.
        rules.append("@media (prefers-reduced-motion:reduce){*{animation:none!important}}")
        dots = "".join(f'<circle cx="{20 + 18 * i}" cy="{BAR / 2}" r="5.5" fill="{colours["edge"]}"/>' for i in range(3))
        svg = (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height}" width="{width:.0f}" height="{height}" role="img" aria-label="A terminal: {html.escape("; ".join(each[0] for each in scenes))}">'
               f'<title>A terminal: {html.escape("; ".join(each[0] for each in scenes))}</title><style>{"".join(rules)}</style><clipPath id="c"><rect width="{width:.0f}" height="{height}" rx="9"/></clipPath>'
               f'<g clip-path="url(#c)"><rect width="{width:.0f}" height="{height}" fill="{colours["paper"]}"/><rect width="{width:.0f}" height="{BAR}" fill="{colours["bar"]}"/>{dots}'
               f'<g font-family="ui-monospace,\'DejaVu Sans Mono\',Menlo,Consolas,monospace" font-size="14" fill="{colours["ink"]}" xml:space="preserve">{"".join(body)}</g></g>'
               f'<rect x=".5" y=".5" width="{width - 1:.0f}" height="{height - 1}" rx="9" fill="none" stroke="{colours["edge"]}"/></svg>\n')
        path = output / f"terminal-{scheme}.svg"
        path.write_text(svg)
        print(f"{path}: {len(svg.encode()) // 1000} kB, {total:.0f} s", file=sys.stderr)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("binary", nargs="?", default=str(ROOT / "build" / "release" / "resident"))
    parser.add_argument("--output", type=pathlib.Path, default=ROOT / "docs" / "pictures")
    parser.add_argument("--only", choices=["pages", "terminal"])
    arguments = parser.parse_args()
    arguments.output.mkdir(parents=True, exist_ok=True)
    project = Project(str(pathlib.Path(arguments.binary).resolve()))
    try:
        if arguments.only != "pages":
            make_terminal(project, arguments.output)
        if arguments.only != "terminal":
            make_pages(project, arguments.output)
    finally:
        project.close()


if __name__ == "__main__":
    main()
