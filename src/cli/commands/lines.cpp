// The commands about whose lines stand, how long lines live, and who knows the code.
#include <cli/command.hpp>

namespace resident {

extern const Command ownership_command, knowledge_command, survival_command, burndown_command;

const Command ownership_command{
    "ownership", "Who wrote the lines that stand, and are they still here",
    "By person, module, file or year of writing, with what is orphaned: by people who are gone.\nExample: resident "
    "ownership --by module",
    [](CLI::App& app, Invocation& invocation) { return declare_analysis(app, invocation, "ownership"); }};

const Command knowledge_command{
    "knowledge", "Who still knows each file, and which files nobody here knows",
    "Commits count less the longer ago they are. Without --path, --module or --person: all modules, and the files at "
    "risk.\nExample: resident knowledge --path src/main.c",
    [](CLI::App& app, Invocation& invocation) { return declare_analysis(app, invocation, "knowledge"); }};

const Command survival_command{
    "survival", "How long lines live, by when, where or by whom they were written",
    "Kaplan–Meier estimates with intervals that take each file as one unit.\nExample: resident survival --by module",
    [](CLI::App& app, Invocation& invocation) { return declare_analysis(app, invocation, "survival"); }};

const Command burndown_command{
    "burndown", "Lines standing over time, by year of writing, module or author",
    "Example: resident burndown --by year --every quarter --format csv",
    [](CLI::App& app, Invocation& invocation) { return declare_analysis(app, invocation, "burndown"); }};

}  // namespace resident
