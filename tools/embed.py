#!/usr/bin/env python3
"""Turns the rooms' .sql and .toml files, the folders of matters and entity types, and data/ into C++.

embed.py SOURCE_DIR OUTPUT_DIR. Writes a file only where its text changed, so that nothing is rebuilt in vain.
"""
import re
import sys
from pathlib import Path

root, out = Path(sys.argv[1]).resolve(), Path(sys.argv[2]).resolve()
src, data = root / "src", root / "data"


def write(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists() or path.read_text() != text:
        path.write_text(text)


def literal(text):
    # Compilers limit one literal; adjacent ones are joined.
    parts = [text[i : i + 8000] for i in range(0, len(text), 8000)] or [""]
    return "\n".join(f'R"embed({part})embed"' for part in parts)


def room_of(folder):
    """kernel/jobs -> jobs; departments/tax/new_taxpayer -> departments.tax.new_taxpayer"""
    parts = folder.relative_to(src).parts
    return ".".join(parts[1:] if parts[0] == "kernel" else parts)


def namespace_of(folder):
    return "onewindow::" + room_of(folder).replace(".", "::")


def pascal(name):
    return "".join(word.capitalize() for word in name.split("_"))


def statement(path):
    return path.read_text().strip().rstrip(";").strip()


for folder in sorted({p.parent for p in src.rglob("queries/*.sql")}):
    room = folder.parent
    lines = ["#pragma once", "", '#include "kernel/db/db.hpp"', "", f"namespace {namespace_of(room)}::queries {{", ""]
    for path in sorted(folder.glob("*.sql")):
        if path.name.endswith(".pg.sql"):
            continue
        twin = path.with_name(path.stem + ".pg.sql")
        postgres = f", {literal(statement(twin))}" if twin.exists() else ""
        lines.append(
            f'inline constexpr db::Query k{pascal(path.stem)}{{"{room_of(room)}.{path.stem}", '
            f"{literal(statement(path))}{postgres}}};\n"
        )
    lines.append(f"}}  // namespace {namespace_of(room)}::queries\n")
    write(out / room.relative_to(src) / "queries.gen.hpp", "\n".join(lines))


def all_queries():
    lines = ["#include <vector>", ""]
    rooms = sorted({p.parent.parent for p in src.rglob("queries/*.sql")})
    lines += [f'#include "{room.relative_to(src).as_posix()}/queries.gen.hpp"' for room in rooms]
    lines += ["", "namespace onewindow::embedded {", "std::vector<const db::Query*> AllQueries() {", "    return {"]
    for room in rooms:
        for path in sorted((room / "queries").glob("*.sql")):
            if not path.name.endswith(".pg.sql"):
                lines.append(f"        &{namespace_of(room)}::queries::k{pascal(path.stem)},")
    lines += ["    };", "}", "}  // namespace onewindow::embedded", ""]
    write(out / "all_queries.gen.cpp", "\n".join(lines))


def all_migrations():
    lines = ["#include <vector>", "", '#include "kernel/db/db.hpp"', "", "namespace onewindow::embedded {",
             "std::vector<db::Migration> AllMigrations() {", "    return {"]
    folders = sorted({p.parent for p in src.rglob("migrations/*.sql")},
                     key=lambda f: (f.relative_to(src).parts[0] != "kernel", str(f)))
    for folder in folders:
        for path in sorted(folder.glob("*.sql")):
            number = int(path.name.split("_")[0])
            lines.append(f'        {{"{room_of(folder.parent)}", {number}, "{path.stem}", {literal(path.read_text())}}},')
    lines += ["    };", "}", "}  // namespace onewindow::embedded", ""]
    write(out / "all_migrations.gen.cpp", "\n".join(lines))


def all_messages():
    lines = ["#include <vector>", "", '#include "kernel/messages/messages.hpp"', "", "namespace onewindow::embedded {",
             "std::vector<messages::File> AllMessages() {", "    return {"]
    for path in sorted(src.rglob("messages.*.toml")):
        language = path.name.split(".")[1]
        lines.append(f'        {{"{room_of(path.parent)}", "{language}", {literal(path.read_text())}}},')
    lines += ["    };", "}", "}  // namespace onewindow::embedded", ""]
    write(out / "all_messages.gen.cpp", "\n".join(lines))


def all_contracts():
    lines = ["#include <string_view>", "#include <vector>", "", "namespace onewindow::embedded {",
             "std::vector<std::string_view> AllContracts() {", "    return {"]
    for path in sorted(src.rglob("contract.toml")):
        lines.append(f"        {literal(path.read_text())},")
    lines += ["    };", "}", "}  // namespace onewindow::embedded", ""]
    write(out / "all_contracts.gen.cpp", "\n".join(lines))


def all_of(pattern, header, kind, maker, file, function):
    """A list of what each folder makes; so that adding one touches that folder alone."""
    folders = sorted(p.parent for p in src.glob(pattern) if not p.parent.name.startswith("_"))
    lines = ["#include <vector>", "", f'#include "{header}"', ""]
    for folder in folders:
        lines.append(f"namespace {namespace_of(folder)} {{ {kind} {maker}(); }}")
    lines += ["", "namespace onewindow::embedded {", f"std::vector<{kind}> {function}() {{",
              f"    std::vector<{kind}> all;"]
    for folder in folders:
        lines.append(f"    all.push_back({namespace_of(folder)}::{maker}());")
    lines += ["    return all;", "}", "}  // namespace onewindow::embedded", ""]
    write(out / file, "\n".join(lines))


def all_data():
    files = sorted(p for p in data.rglob("*") if p.is_file() and p.suffix in (".tsv", ".json", ".toml", ".txt"))
    assembly = ['.section .note.GNU-stack,"",%progbits', ".section .rodata", ""]
    lines = ['#include "kernel/files/embedded_data.hpp"', "", 'extern "C" {']
    table = []
    for index, path in enumerate(files):
        name = path.relative_to(data).as_posix()
        assembly += [f".global ow_data_{index}", f"ow_data_{index}:", f'.incbin "{path}"', f".global ow_data_{index}_end",
                     f"ow_data_{index}_end:", ".byte 0"]
        lines.append(f"extern const char ow_data_{index}[], ow_data_{index}_end[];")
        table.append(f'        {{"{name}", {{ow_data_{index}, static_cast<std::size_t>(ow_data_{index}_end - ow_data_{index})}}}},')
    lines += ["}", "", "namespace onewindow::embedded {", "std::vector<DataFile> AllData() {", "    return {", *table,
              "    };", "}", "}  // namespace onewindow::embedded", ""]
    write(out / "all_data.gen.S", "\n".join(assembly) + "\n")
    write(out / "all_data.gen.cpp", "\n".join(lines))


all_queries()
all_migrations()
all_messages()
all_contracts()
all_data()
if (src / "exchange/matter.hpp").exists():
    all_of("departments/*/*/matter.cpp", "exchange/matter.hpp", "onewindow::exchange::Matter", "MakeMatter",
           "all_matters.gen.cpp", "AllMatters")
if (src / "application/entity_type.hpp").exists():
    all_of("entity_types/*/entity_type.cpp", "application/entity_type.hpp", "onewindow::application::EntityType",
           "MakeEntityType", "all_entity_types.gen.cpp", "AllEntityTypes")
