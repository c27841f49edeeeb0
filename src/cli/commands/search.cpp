// resident search, inbox and ask: finding what was said, and who waits for an answer.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <analyses/search/index.hpp>
#include <cli/command.hpp>

namespace resident {

namespace {

std::shared_ptr<std::vector<std::string>> add_words(CLI::App& app, const char* what) {
  auto words = std::make_shared<std::vector<std::string>>();
  app.add_option("words", *words, what)->required()->type_name("WORDS");
  return words;
}

std::function<int()> declare_search(CLI::App& app, Invocation& invocation) {
  invocation.add_store_options(app);
  invocation.add_project_option(app);
  invocation.add_result_options(app);
  const auto words =
      add_words(app, "Words, \"phrases\", prefix*, is:open, label:bug, author:ada, in:title, before:2024-01-31, …");
  auto limit = std::make_shared<int>(20);
  app.add_option("--limit", *limit, "How many to show")
      ->type_name("N")
      ->check(CLI::Range(1, 400))
      ->capture_default_str();
  app.allow_extras(false);
  return [&invocation, words, limit] {
    const auto database = invocation.open(Access::write);
    Context context = invocation.context(*database);
    update_search_index(*database, context.project_id);
    context.arguments = {{"query", fmt::format("{}", fmt::join(*words, " "))}, {"limit", std::to_string(*limit)}};
    invocation.print(find_analysis("search").run(context));
    return 0;
  };
}

std::function<int()> declare_ask(CLI::App& app, Invocation& invocation) {
  invocation.add_store_options(app);
  invocation.add_project_option(app);
  invocation.add_result_options(app);
  const auto words = add_words(app, "The number of an issue, the key of a thread, or the question in words");
  auto limit = std::make_shared<int>(10);
  app.add_option("--limit", *limit, "How many to show")
      ->type_name("N")
      ->check(CLI::Range(1, 40))
      ->capture_default_str();
  return [&invocation, words, limit] {
    const auto database = invocation.open(Access::write);
    Context context = invocation.context(*database);
    update_search_index(*database, context.project_id);
    context.arguments = {{"question", fmt::format("{}", fmt::join(*words, " "))}, {"limit", std::to_string(*limit)}};
    invocation.print(find_analysis("ask").run(context));
    return 0;
  };
}

}  // namespace

extern const Command search_command, inbox_command, ask_command;
const Command search_command{
    "search", "Find what was said: items, comments, threads, commits, documentation",
    "Words are stemmed, identifiers found whole and by their parts. A word after -- may begin with a "
    "dash to leave it out.\nExample: resident search 'is:open label:bug \"index out of range\"'",
    declare_search};
const Command inbox_command{
    "inbox", "Questions that wait for an answer, the oldest promise first",
    "From issues and all channels (discussions, forums, mailing lists).\nExample: resident inbox --state "
    "unanswered",
    [](CLI::App& app, Invocation& invocation) { return declare_analysis(app, invocation, "inbox"); }};
const Command ask_command{
    "ask", "What was answered before that is like this question, by whom, and what the documentation says",
    "Example: resident ask 123\nExample: resident ask 'how do I build without openssl'", declare_ask};

}  // namespace resident
