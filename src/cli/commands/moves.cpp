// resident moves: items that began in another tracker; join and undo by hand.
#include <fmt/format.h>

#include <analyses/list.hpp>
#include <base/error.hpp>
#include <base/text.hpp>
#include <charconv>
#include <cli/command.hpp>
#include <cli/options.hpp>
#include <store/moves.hpp>

namespace resident {

namespace {

// "trac.example.org#12" or an address.
TrackerItem first_life(const std::string& text) {
  if (const auto item = tracker_item(text)) return *item;
  const std::size_t sign = text.rfind('#');
  TrackerItem item;
  if (sign != std::string::npos) {
    item.tracker = std::string(trim(std::string_view(text).substr(0, sign)));
    const char* end = text.data() + text.size();
    const auto [stop, problem] = std::from_chars(text.data() + sign + 1, end, item.number);
    if (problem == std::errc() && stop == end && item.number > 0 && !item.tracker.empty()) return item;
  }
  throw Error(ErrorKind::usage, fmt::format("{} names no item of a tracker", one_line(text)),
              "write its address, or TRACKER#NUMBER like bugs.example.org#12");
}

std::function<int()> declare_moves(OptionSet& app, Invocation& invocation) {
  invocation.add_store_options(app);
  invocation.add_project_option(app);
  invocation.add_result_options(app);
  auto action = std::make_shared<std::string>("list");
  takes_one_of(app.add_option("action", *action, "list, join ITEM FIRST, or undo ITEM")->type_name("ACTION"),
               {"list", "join", "undo"});
  auto names = std::make_shared<std::vector<std::string>>();
  app.add_option("items", *names, "An item's number; and its first life, as an address or TRACKER#NUMBER")
      ->type_name("ITEM");
  auto arguments = std::make_shared<Arguments>();
  declare_parameters(app, find_analysis("moves"), arguments);
  return [&invocation, action, names, arguments]() -> int {
    if (*action == "list") {
      if (!names->empty()) throw Error(ErrorKind::usage, "moves list takes no item");
      return print_analysis(invocation, find_analysis("moves"), *arguments);
    }
    const bool joins = *action == "join";
    if (names->size() != (joins ? 2U : 1U))
      throw Error(ErrorKind::usage, joins ? "moves join takes an item and its first life" : "moves undo takes an item",
                  "resident moves join 12 https://trac.example.org/ticket/34; resident moves undo 12");
    const auto database = invocation.open(Access::write);
    const Context context = invocation.context(*database);
    const std::string text = context.typed_number(names->front());
    std::int64_t number = 0;
    std::from_chars(text.data(), text.data() + text.size(), number);
    TrackerItem first;
    std::optional<std::int64_t> item;
    if (joins) {
      first = first_life(names->back());
      // A request's first life is one: of an issue and a pull request with that number it is the pull request.
      item = database->integer(
          "SELECT item_id FROM item WHERE project_id = :project AND number = :number AND kind = :kind",
          {{"project", context.project_id},
           {"number", number},
           {"kind", std::string(first.is_pull ? "pull" : "issue")}});
      if (!item)
        throw Error(
            ErrorKind::usage,
            fmt::format("there is no {} {}", first.is_pull ? "pull request" : "issue", one_line(names->front())),
            "its number, as 12 or #12");
    } else {
      const auto rows = database->query(
          "SELECT m.tracker, m.first_number, m.first_is_pull, m.item_id FROM item_move m JOIN item i ON i.project_id = "
          "m.project_id AND i.item_id = m.item_id WHERE m.project_id = :project AND i.number = :number AND m.is_joined "
          "= 1 ORDER BY m.item_id",
          {{"project", context.project_id}, {"number", number}});
      const bool is_joined = rows->next();
      if (!is_joined && !database->integer("SELECT item_id FROM item WHERE project_id = :project AND number = :number",
                                           {{"project", context.project_id}, {"number", number}}))
        throw Error(ErrorKind::usage, fmt::format("there is no issue or pull request {}", one_line(names->front())),
                    "its number, as 12 or #12");
      if (!is_joined)
        throw Error(ErrorKind::usage, fmt::format("#{} is joined to no first life", number),
                    "`resident moves` lists what is joined");
      first = {rows->string(0), rows->integer(1), rows->integer(2) == 1};
      item = rows->integer(3);
    }
    decide_move(*database, context.project_id, *item, first, joins, invocation.clock.now(), context.config.links);
    invocation.err << fmt::format("#{} {} {} #{}\n", number, joins ? "began as" : "no longer counts as begun as",
                                  one_line(first.tracker), first.number);
    return 0;
  };
}

}  // namespace

extern const Command moves_command;
const Command moves_command{
    "moves", "Items that began in another tracker: the evidence, join, undo",
    "An item that came from a tracker which the project left has the age and the first response of its first life. "
    "Only strong evidence joins them; what is weaker waits for your word.\n"
    "Example: resident moves --state undecided; resident moves join 12 https://trac.example.org/ticket/34; resident "
    "moves undo 12",
    declare_moves};

}  // namespace resident
