// The commands that print what the history of the code says, an analysis each.
#include <cli/command.hpp>

namespace resident {

extern const Command coupling_command, hotspots_command, reverts_command, backports_command, merges_command;

const Command coupling_command{
    "coupling", "Files and modules that change together",
    "With --of, the partners of one file, folder or module.\nExample: resident coupling --of src/parser.c",
    [](CLI::App& app, Invocation& invocation) { return declare_analysis(app, invocation, "coupling"); }};

const Command hotspots_command{
    "hotspots", "Files that are complex and change often", "Example: resident hotspots --since 2020-01-01",
    [](CLI::App& app, Invocation& invocation) { return declare_analysis(app, invocation, "hotspots"); }};

const Command reverts_command{
    "reverts", "What was taken back: by whom, how soon, and how much of all that is committed",
    "Example: resident reverts --since 2020-01-01",
    [](CLI::App& app, Invocation& invocation) { return declare_analysis(app, invocation, "reverts"); }};

const Command backports_command{
    "backports", "What was carried to maintenance branches, and how long it took",
    "Example: resident backports --since 2020-01-01",
    [](CLI::App& app, Invocation& invocation) { return declare_analysis(app, invocation, "backports"); }};

const Command merges_command{"merges", "Who brings changes to the default branch, and for how many it can be known",
                             "Example: resident merges --since 2020-01-01", [](CLI::App& app, Invocation& invocation) {
                               return declare_analysis(app, invocation, "merges");
                             }};

}  // namespace resident
