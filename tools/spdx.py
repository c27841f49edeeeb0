#!/usr/bin/env python3
"""tools/spdx.py BINARY [--version VERSION] [--output FILE]: the parts of a built program, as SPDX 2.3 in JSON.
tools/spdx.py --check FILE…: whether such files hold together.

Three kinds of parts: what `BINARY --version --json` says it is made of (libraries, headers, npm packages of the script on
pages, with the licence that applies to them); the shared libraries that the loader takes for it, by ldd; and whatever
those need. Debian's versions come from dpkg, and so do the licences of what is only needed by others: every licence that
the package's copyright file names. Where that file is not machine-readable, nothing is asserted, and that is said.
"""
import argparse
import datetime
import functools
import json
import os
import pathlib
import re
import subprocess
import sys

# Debian's short names (DEP 5) for what SPDX calls otherwise; compared in lower case.
SPDX_NAMES = {
    "apache-2.0": "Apache-2.0", "apache": "Apache-2.0", "artistic-2.0": "Artistic-2.0", "beerware": "Beerware", "bsl-1.0": "BSL-1.0",
    "bsd-2-clause": "BSD-2-Clause", "bsd-3-clause": "BSD-3-Clause", "bsd-4-clause": "BSD-4-Clause", "bsd-4-clause-uc": "BSD-4-Clause-UC",
    "cc0-1.0": "CC0-1.0", "cc0": "CC0-1.0", "cc-by-sa-4.0": "CC-BY-SA-4.0", "curl": "curl", "expat": "MIT", "mit": "MIT", "isc": "ISC", "mpl-2.0": "MPL-2.0", "openldap-2.8": "OLDAP-2.8",
    "openssl": "OpenSSL", "postgresql": "PostgreSQL", "x11": "X11", "zlib": "Zlib", "unlicense": "Unlicense",
    "gpl-1+": "GPL-1.0-or-later", "gpl-2": "GPL-2.0-only", "gpl-2+": "GPL-2.0-or-later", "gpl-2.0+": "GPL-2.0-or-later", "gpl-3": "GPL-3.0-only", "gpl-3+": "GPL-3.0-or-later",
    "lgpl-2": "LGPL-2.0-only", "lgpl-2+": "LGPL-2.0-or-later", "lgpl-2.1": "LGPL-2.1-only", "lgpl-2.1+": "LGPL-2.1-or-later", "lgpl-3": "LGPL-3.0-only", "lgpl-3+": "LGPL-3.0-or-later",
    "gfdl-1.3": "GFDL-1.3-only", "gfdl-1.3+": "GFDL-1.3-or-later", "agpl-3+": "AGPL-3.0-or-later", "0bsd": "0BSD", "fsfap": "FSFAP", "fsful": "FSFUL", "fsfullr": "FSFULLR",
}
# Debian's packages without a machine-readable file whose terms every distribution states alike.
RUN_TIME = {"libc6": "LGPL-2.1-or-later", "libstdc++6": "GPL-3.0-or-later WITH GCC-exception-3.1", "libgcc-s1": "GPL-3.0-or-later WITH GCC-exception-3.1"}


def run(*words):
    return subprocess.run(words, check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True).stdout


def identifier(text):
    return re.sub(r"[^A-Za-z0-9.-]+", "-", text).strip("-")


@functools.lru_cache(maxsize=None)
def installed_packages():
    """{name: what is known of it} of all that dpkg has."""
    found = {}
    for line in run("dpkg-query", "-W", "-f", "${binary:Package}\t${Version}\t${source:Package}\t${source:Version}\t${Architecture}\n").splitlines():
        name, version, source, source_version, architecture = line.split("\t")
        if version:
            found[name.split(":")[0]] = {"name": name.split(":")[0], "version": version, "source": source, "source_version": source_version, "architecture": architecture}
    return found


def loaded_packages(binary):
    """{package: whether the program itself names a library of it} of all that the loader takes."""
    direct = set(re.findall(r"NEEDED\s+(\S+)", run("objdump", "-p", str(binary))))
    libraries = {}  # by path: before and after /usr was merged, packages know a file by either name
    for line in run("ldd", str(binary)).splitlines():
        match = re.match(r"\s*(\S+) => (/\S+)", line) or re.match(r"\s*((/)\S*/ld-[^ ]+)", line)
        if match:
            path = match.group(2) if "=>" in line else match.group(1)
            libraries.update(dict.fromkeys((path, os.path.realpath(path), "/usr" + path), match.group(1)))
    found = {}
    owners = subprocess.run(["dpkg", "-S", *libraries], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True).stdout
    for line in owners.splitlines():
        owner, _, path = line.partition(": ")
        if path in libraries:
            package = owner.split(":")[0]
            found[package] = found.get(package, False) or libraries[path] in direct
    return found


class Licences:
    """Licence expressions; collects those that SPDX has no name for."""

    def __init__(self):
        self.extracted = {}

    def of_name(self, name, text):
        """One DEP 5 name, "or", "and" and commas between."""
        words = []
        for part in re.split(r"(\s+or\s+|\s+and\s+|,\s*)", name.strip(), flags=re.I):
            word = part.strip(" ,").lower()
            if word in ("or", "and"):
                words.append(word.upper())
            elif word in SPDX_NAMES:
                words.append(SPDX_NAMES[word])
            elif word:
                reference = "LicenseRef-Debian-" + identifier(part.strip(" ,"))
                self.extracted.setdefault(reference, text or f"See the copyright file of the Debian package; named there: {part.strip()}")
                words.append(reference)
        # Operands and operators in turn, else one reference for the whole.
        if len(words) % 2 and all((word in ("OR", "AND")) == (index % 2 == 1) for index, word in enumerate(words)):
            return " ".join(words) if len(words) == 1 else "(" + " ".join(words) + ")"
        reference = "LicenseRef-Debian-" + identifier(name)
        self.extracted.setdefault(reference, text or f"See the copyright file of the Debian package; named there: {name}")
        return reference

    def of_package(self, package):
        """(expression or None, the names) of a Debian package's copyright file."""
        path = pathlib.Path("/usr/share/doc", package, "copyright")
        text = path.read_text(errors="replace") if path.exists() else ""
        if not re.match(r"\s*Format(-Specification)?:", text):
            return None, []
        names, texts = [], {}
        for stanza in re.split(r"\n\s*\n", text):
            match = re.search(r"^License:[ \t]*(.*(?:\n[ \t].*)*)", stanza, flags=re.M)
            if not match or re.match(r"\s*Format", stanza):
                continue
            name, _, body = match.group(1).partition("\n")
            if body.strip():
                texts[name.strip()] = "\n".join(re.sub(r"^ \.?", "", line) for line in body.splitlines())
            if re.search(r"^Files:", stanza, flags=re.M) and name.strip() and name.strip() not in names:
                names.append(name.strip())
        expressions = []
        for name in names:
            expression = self.of_name(name, texts.get(name, ""))
            if expression not in expressions:
                expressions.append(expression)
        return (" AND ".join(expressions) or None), names


def document(binary, version):
    said = json.loads(run(str(binary), "--version", "--json"))
    version = version or said["version"]
    moment = datetime.datetime.fromtimestamp(int(os.environ.get("SOURCE_DATE_EPOCH", "0")) or int(os.stat(binary).st_mtime), datetime.timezone.utc)
    licences, packages, relationships = Licences(), [], []

    def add(name, kind, version_text, licence, purl, **more):
        each = {"name": name, "SPDXID": f"SPDXRef-{kind}-{identifier(name)}", "versionInfo": version_text, "downloadLocation": "NOASSERTION", "filesAnalyzed": False,
                "licenseConcluded": "NOASSERTION", "licenseDeclared": licence or "NOASSERTION", "copyrightText": "NOASSERTION", **more}
        if purl:
            each["externalRefs"] = [{"referenceCategory": "PACKAGE-MANAGER", "referenceType": "purl", "referenceLocator": purl}]
        packages.append(each)
        return each["SPDXID"]

    def relate(one, kind, other):
        relationships.append({"spdxElementId": one, "relationshipType": kind, "relatedSpdxElement": other})

    def add_debian(package, licence, comment):
        declared, names = licences.of_package(package["name"])
        comments = [comment] if comment else []
        if names and licence:
            comments.append("Debian's copyright file names: " + "; ".join(names) + ".")
        elif not names:
            comments.append("Debian's copyright file is not machine-readable.")
        return add(package["name"], "deb", package["version"], licence or declared or RUN_TIME.get(package["name"]),
                   f"pkg:deb/debian/{package['name'].replace('+', '%2B')}@{package['version'].replace('+', '%2B').replace(':', '%3A')}?arch={package['architecture']}",
                   supplier="Organization: Debian", sourceInfo=f"source package {package['source']} {package['source_version']}",
                   primaryPackagePurpose="LIBRARY", **({"licenseComments": " ".join(comments)} if comments else {}))

    root = add("resident", "Package", version, said["licence"], None, supplier="Organization: Resident developers", primaryPackagePurpose="APPLICATION",
               comment=f"build ID {said['build_id'] or 'none'}; {said['compiler']}")
    packages[0]["SPDXID"] = root = "SPDXRef-Package"
    relate("SPDXRef-DOCUMENT", "DESCRIBES", root)
    loaded = loaded_packages(binary)
    sources = {}  # of shared libraries, by source package: whose licence the program itself states
    for part in said["parts"]:
        kind, name = part["origin"].split(":", 1)
        if kind == "npm":
            purl = "pkg:npm/" + name.replace("@", "%40") + "@" + part["built_with"]
            relate(root, "CONTAINS", add(name, "npm", part["built_with"], part["licence"], purl, primaryPackagePurpose="LIBRARY"))
            continue
        package = installed_packages().get(name)
        if not package:
            raise SystemExit(f"tools/spdx.py: {name} is not installed, and the program says it was built with it")
        sources[package["source"]] = part
        shared = [each for each in loaded if installed_packages()[each]["source"] == package["source"]]
        if not shared:  # header alone
            relate(root, "STATIC_LINK", add_debian(package, part["licence"], f"{part['name']}: {part['purpose']}."))
    for name, is_direct in sorted(loaded.items()):
        package = installed_packages()[name]
        part = sources.get(package["source"])
        spdx_id = add_debian(package, part["licence"] if part else None, f"{part['name']}: {part['purpose']}." if part else "" if is_direct else "Needed by another library.")
        relate(root, "DYNAMIC_LINK" if is_direct else "DEPENDS_ON", spdx_id)
    result = {"spdxVersion": "SPDX-2.3", "dataLicense": "CC0-1.0", "SPDXID": "SPDXRef-DOCUMENT", "name": f"resident-{version}",
              "documentNamespace": f"https://spdx.org/spdxdocs/resident-{identifier(version)}-{said['build_id'] or 'unknown'}",
              "creationInfo": {"created": moment.strftime("%Y-%m-%dT%H:%M:%SZ"), "creators": ["Organization: Resident developers", "Tool: resident-spdx"]},
              "packages": packages, "relationships": relationships}
    used = {word for package in packages for word in re.findall(r"LicenseRef-[A-Za-z0-9.-]+", package["licenseDeclared"])}
    if used:
        result["hasExtractedLicensingInfos"] = [{"licenseId": key, "name": key.removeprefix("LicenseRef-Debian-"), "extractedText": licences.extracted[key]} for key in sorted(used)]
    return result


RELATIONS = {"DESCRIBES", "CONTAINS", "STATIC_LINK", "DYNAMIC_LINK", "DEPENDS_ON"}
PURPOSES = {"APPLICATION", "LIBRARY"}


def faults(spdx):
    """What is wrong with a document, by SPDX 2.3's own rules for the fields used here."""
    wrong = []

    def expect(holds, text):
        if not holds:
            wrong.append(text)

    for key in ("spdxVersion", "dataLicense", "SPDXID", "name", "documentNamespace", "creationInfo"):
        expect(spdx.get(key), f"{key} is missing")
    expect(spdx.get("spdxVersion") == "SPDX-2.3" and spdx.get("dataLicense") == "CC0-1.0", "not SPDX 2.3 under CC0-1.0")
    expect(re.fullmatch(r"https://[^#\s]+", spdx.get("documentNamespace", "")), "documentNamespace is no address without a fragment")
    expect(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", spdx.get("creationInfo", {}).get("created", "")), "created is no moment")
    expect(spdx.get("creationInfo", {}).get("creators") and all(re.match(r"(Tool|Organization|Person): ", each) for each in spdx["creationInfo"]["creators"]), "creators")
    extracted = {each["licenseId"]: each["extractedText"] for each in spdx.get("hasExtractedLicensingInfos", [])}
    for key, text in extracted.items():
        expect(re.fullmatch(r"LicenseRef-[A-Za-z0-9.-]+", key) and text.strip(), f"{key} has no name or text")
    ids, used = {"SPDXRef-DOCUMENT"}, set()
    for package in spdx.get("packages", []):
        name = package.get("SPDXID", "")
        expect(re.fullmatch(r"SPDXRef-[A-Za-z0-9.-]+", name), f"{name} is no SPDXID")
        expect(name not in ids, f"{name} is there twice")
        ids.add(name)
        expect(package.get("name") and package.get("versionInfo") and package.get("downloadLocation"), f"{name}: name, version or place is missing")
        expect(package.get("primaryPackagePurpose") in PURPOSES, f"{name}: purpose")
        for key in ("licenseConcluded", "licenseDeclared"):
            words = re.findall(r"[^\s()]+", package.get(key, ""))
            expect(words, f"{name}: {key} is missing")
            for word in words:
                if word.startswith("LicenseRef-"):
                    used.add(word)
                    expect(word in extracted, f"{name}: {word} is nowhere explained")
                else:
                    expect(word in ("AND", "OR", "WITH", "NOASSERTION", "NONE") or re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9.+-]*", word), f"{name}: {word} is no licence")
            expect(re.fullmatch(r"[^\s()]+( (AND|OR|WITH) [^\s()]+)*", re.sub(r"[()]", "", package.get(key, ""))), f"{name}: {key} is no expression")
        for reference in package.get("externalRefs", []):
            expect(re.fullmatch(r"pkg:(deb/debian|npm)/[^@\s]+@[^@\s]+", reference["referenceLocator"]), f"{name}: {reference['referenceLocator']} is no purl")
    for relation in spdx.get("relationships", []):
        expect(relation["relationshipType"] in RELATIONS and relation["spdxElementId"] in ids and relation["relatedSpdxElement"] in ids, f"relation of what is not there: {relation}")
    related = {relation["relatedSpdxElement"] for relation in spdx.get("relationships", [])}
    for name in sorted(ids - related - {"SPDXRef-DOCUMENT"}):
        wrong.append(f"{name} is related to nothing")
    for key in sorted(set(extracted) - used):
        wrong.append(f"{key} is used nowhere")
    return wrong


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("binary", nargs="?")
    parser.add_argument("--version")
    parser.add_argument("--output")
    parser.add_argument("--check", nargs="+")
    arguments = parser.parse_args()
    if arguments.check:
        wrong = [f"{path}: {fault}" for path in arguments.check for fault in faults(json.loads(pathlib.Path(path).read_text()))]
        print("\n".join(wrong) or "\n".join(f"{path}: {len(json.loads(pathlib.Path(path).read_text())['packages'])} packages" for path in arguments.check))
        return 1 if wrong else 0
    if not arguments.binary:
        parser.error("BINARY is missing")
    made = document(pathlib.Path(arguments.binary), arguments.version)
    wrong = faults(made)
    if wrong:
        print("\n".join(wrong), file=sys.stderr)
        return 1
    text = json.dumps(made, indent=1, ensure_ascii=False) + "\n"
    if arguments.output:
        pathlib.Path(arguments.output).write_text(text)
    else:
        sys.stdout.write(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
