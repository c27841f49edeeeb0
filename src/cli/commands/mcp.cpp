// resident mcp: what assistants ask, over the Model Context Protocol on stdin and stdout.
#include <cli/command.hpp>
#include <cli/mcp/tools.hpp>
#include <iostream>

namespace resident {

namespace {

std::function<int()> declare_mcp(OptionSet& app, Invocation& invocation) {
  invocation.add_store_options(app);
  invocation.add_project_option(app);
  app.add_option("--as-of", invocation.as_of, "The moment of answers where none is asked for")->type_name("DATE");
  return [&invocation] {
    invocation.load_config();  // a mistake in it is told now, where a person sees it
    invocation.as_of_time();
    mcp::serve(mcp::make_service(invocation), std::cin, invocation.out);
    return 0;
  };
}

}  // namespace

extern const Command mcp_command;
const Command mcp_command{
    "mcp", "Serve an assistant: queues, dossiers, measures and the plan, over the Model Context Protocol",
    "Speaks on stdin and stdout; an assistant starts it. It reads, and collects actions for you to look at; it never "
    "sends any.\nWith --project, that one alone is served. docs/guide/assistant.md says how to set it up.\nExample: "
    "resident mcp --db resident.db --project demo",
    declare_mcp};

}  // namespace resident
