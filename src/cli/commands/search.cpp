// resident search and ask: finding what was said.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <analyses/list.hpp>
#include <analyses/search/index.hpp>
#include <base/error.hpp>
#include <base/text.hpp>
#include <cli/command.hpp>
#include <cli/options.hpp>
#include <memory>

namespace resident {

namespace {

std::shared_ptr<std::vector<std::string>> add_words(OptionSet& app, const char* what) {
  auto words = std::make_shared<std::vector<std::string>>();
  app.add_option("words", *words, what)->required()->type_name("WORDS");
  return words;
}

// The store with its index brought up to date; where it may not be written, as it stands, and that is said.
std::unique_ptr<Database> open_with_index(const Invocation& invocation) {
  try {
    auto database = invocation.open(Access::write);
    update_search_index(*database, invocation.context(*database).project_id);
    return database;
  } catch (const Error& error) {
    auto database = invocation.open(Access::read);
    // What is wrong with the call is wrong without an index, too.
    invocation.context(*database);
    invocation.err << "warning: what came since the last search is not found, as the store cannot be written: "
                   << one_line(error.what()) << "\n";
    return database;
  }
}

std::function<int()> declare_search(OptionSet& app, Invocation& invocation) {
  invocation.add_store_options(app);
  invocation.add_project_option(app);
  invocation.add_result_options(app);
  const auto words =
      add_words(app, "Words, \"phrases\", prefix*, is:open, label:bug, author:ada, in:title, before:2024-01-31, …");
  auto limit = std::make_shared<int>(20);
  takes_whole_number(app.add_option("--limit", *limit, "How many to show")->type_name("N")->capture_default_str(), 1,
                     400);
  app.allow_extras(false);
  return [&invocation, words, limit] {
    const auto database = open_with_index(invocation);
    Context context = invocation.context(*database);
    context.arguments = {{"query", fmt::format("{}", fmt::join(*words, " "))}, {"limit", std::to_string(*limit)}};
    invocation.print(find_analysis("search").run(context));
    return 0;
  };
}

std::function<int()> declare_ask(OptionSet& app, Invocation& invocation) {
  invocation.add_store_options(app);
  invocation.add_project_option(app);
  invocation.add_result_options(app);
  const auto words = add_words(app, "The number of an issue, the key of a thread, or the question in words");
  auto limit = std::make_shared<int>(10);
  takes_whole_number(app.add_option("--limit", *limit, "How many to show")->type_name("N")->capture_default_str(), 1,
                     40);
  return [&invocation, words, limit] {
    const auto database = open_with_index(invocation);
    Context context = invocation.context(*database);
    context.arguments = {{"question", fmt::format("{}", fmt::join(*words, " "))}, {"limit", std::to_string(*limit)}};
    invocation.print(find_analysis("ask").run(context));
    return 0;
  };
}

}  // namespace

extern const Command search_command, ask_command;
const Command search_command{"search", "Find what was said: items, comments, threads, commits, documentation",
                             "Words are stemmed, identifiers found whole and by their parts, any part of Chinese, "
                             "Japanese or Thai text. -word leaves out; --dry-run, and -Werror alone, are "
                             "words.\nExample: resident search 'is:open label:bug \"index out of range\"'",
                             declare_search};

const Command ask_command{
    "ask", "What was answered before that is like this question, by whom, and what the documentation says",
    "Example: resident ask 123\nExample: resident ask 'how do I build without openssl'", declare_ask};

}  // namespace resident
