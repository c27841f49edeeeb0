// The review page: a session planned for the minutes there are, ready to act on, and the whole queue by turn.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <base/error.hpp>
#include <base/text.hpp>
#include <cli/dashboard/cards.hpp>
#include <cli/dashboard/pages.hpp>
#include <cmath>
#include <framework/accuracy.hpp>
#include <framework/arguments.hpp>
#include <framework/queue_choice.hpp>
#include <model/lines_changed.hpp>

namespace resident {

namespace {

std::string share_text(double share) {
  return share < 0.01 ? "under 1 %" : fmt::format("{:.0f} %", 100 * share);
}

std::string readiness_line(const std::vector<ReadinessCheck>& checks) {
  std::vector<std::string> todo;
  std::int64_t fine = 0, unknown = 0;
  for (const auto& each : checks) {
    if (each.question == "Whose turn") continue;
    fine += each.state == CheckState::ok;
    unknown += each.state == CheckState::unknown;
    if (each.state == CheckState::todo) todo.push_back(todo_name(each));
  }
  return fmt::format("{}{} fine, {} unknown",
                     todo.empty() ? std::string() : fmt::format("to look at: {}; ", fmt::join(todo, ", ")), fine,
                     unknown);
}

std::string minutes_line(const Effort& effort) {
  const auto whole = [](double value) { return std::max<std::int64_t>(1, std::llround(value)); };
  return fmt::format("about {}; half of such take {} to {}", whole(effort.minutes), whole(effort.low),
                     whole(effort.high));
}

std::string author_line(const ReviewEntry& entry, const People& people) {
  const OpenItem& item = entry.item;
  std::string line = people.name(item.author);
  if (item.is_newcomers()) line += ", " + item.newness();
  if (item.additions || item.deletions)
    line += "; " + lines_changed(item.additions.value_or(0), item.deletions.value_or(0));
  return line;
}

// Where its changes are read at the forge, by the form of its address; "" for one that is not known.
std::string diff_address(const std::string& url) {
  if (url.find("/merge_requests/") != std::string::npos) return url + "/diffs";
  return url.find("/pull/") != std::string::npos || url.find("/pulls/") != std::string::npos ? url + "/files"
                                                                                             : std::string();
}

// How one gets it into a clone of one's own.
std::string checkout_command(const OpenItem& item) {
  const char* place = item.url.find("/merge_requests/") != std::string::npos ? "merge-requests" : "pull";
  return fmt::format("git fetch origin {}/{}/head && git switch --detach FETCH_HEAD", place, item.number);
}

ActionCard session_card(Desk& desk, const SessionTake& take, const OwnNotes& own) {
  const ReviewEntry& entry = desk.reviews().entries[take.entry];
  const People& people = desk.reviews().people;
  ActionCard card;
  card.item_id = entry.item.id;
  card.title = fmt::format("#{} {}", entry.item.number, entry.item.title);
  card.url = entry.item.url;
  card.key = item_key(entry.item.number, entry.item.url);
  card.tag = fmt::format("{}, about {} min", session_part_name(take.part),
                         std::max<std::int64_t>(1, std::llround(take.effort.minutes)));
  card.text = entry.item.body;
  std::vector<std::string> waited_for;
  for (const auto person : entry.turn.people) waited_for.push_back(people.name(person));
  card.facts.push_back({"why", take.why});
  card.facts.push_back({"minutes", minutes_line(take.effort)});
  card.facts.push_back({"turn", turn_name(entry.turn.turn), fmt::format("{}", fmt::join(waited_for, ", "))});
  card.facts.push_back({"by", author_line(entry, people)});
  card.facts.push_back({"age", waiting_text(entry.item.began_at, desk.context().as_of),
                        fmt::format("{}", fmt::join(entry.item.labels, ", "))});
  if (const std::string diff = diff_address(entry.item.url); !diff.empty())
    card.facts.push_back({"the changes", "read them at the forge", checkout_command(entry.item), "", diff});
  card.facts.push_back({"readiness", readiness_line(desk.readiness(entry))});
  for (const auto& each : take.reviewers)
    card.facts.push_back(
        {"could review",
         fmt::format("{} ({}){}", each.name, share_text(each.probability), each.asked ? ", asked already" : ""),
         each.why});
  add_own_note(card, own);
  add_reviewer_forms(card, take.reviewers, own);
  add_usual_forms(card, true, own);
  return card;
}

std::vector<std::string> turn_names() {
  std::vector<std::string> names;
  for (const Turn turn : {Turn::committer, Turn::reviewer, Turn::author, Turn::ci, Turn::nobody})
    names.emplace_back(turn_name(turn));
  return names;
}

// One table a turn, those that wait for us first.
void add_turns(Desk& desk, const QueueChoice& choice, const std::string& only, Page& page) {
  Result queue = desk.said("review").front();
  const std::size_t turn_column = queue.column("turn");
  choose_rows(desk.context(), choice, {"author", "labels", "age", "waiting"}, queue);
  for (const char* name : {"turn", "rank_reason"}) queue.columns[queue.column(name)].hidden = true;
  const std::string narrowed = choice.narrows() ? ", " + choice.text() : std::string();
  static const std::vector<std::pair<Turn, std::string>> turns{{Turn::committer, "Ready to merge"},
                                                               {Turn::reviewer, "Waiting for a reviewer"},
                                                               {Turn::author, "Waiting for their authors"},
                                                               {Turn::ci, "Waiting for CI"},
                                                               {Turn::nobody, "Blocked"}};
  for (const auto& [turn, title] : turns) {
    const std::string name = turn_name(turn);
    if (!only.empty() && only != name) continue;
    Result part = queue;
    part.name = "review_queue_" + name;
    part.title = title;
    std::erase_if(part.rows, [&](const auto& row) { return std::get<std::string>(row[turn_column]) != name; });
    if (part.rows.empty()) continue;
    static constexpr const char* kOrders[] = {"by rank in the whole queue", "the oldest first",
                                              "what waits longest first"};
    part.claim = fmt::format("{}{}, {}.", plural(static_cast<long long>(part.rows.size()), "pull request"), narrowed,
                             kOrders[static_cast<int>(choice.order)]);
    part.sample_size = static_cast<std::int64_t>(part.rows.size());
    page.results.push_back(std::move(part));
  }
  queue.columns[turn_column].hidden = false;
  page.data.push_back(std::move(queue));
}

// Errors speak of options of the command; here they are fields of the form.
std::string problem_of(const Error& error, bool is_about_me) {
  if (is_about_me) return "“Only mine” needs to know who you are. Fill in your login, or set me in the configuration.";
  std::string text = error.what();
  if (const std::size_t colon = text.find(": "); text.starts_with("--") && colon != std::string::npos)
    text = text.substr(colon + 2);
  return text +
         (error.hint().empty() || error.hint().find("--") != std::string::npos ? "." : " (" + error.hint() + ").");
}

}  // namespace

Page review_page(Desk& desk, const OwnNotes& own, const PageRequest& request) {
  const Context& context = desk.context();
  Page page{"review", "Review"};
  const auto given = [&](const char* name, const std::string& otherwise) {
    const auto found = request.arguments.find(name);
    return found == request.arguments.end() ? otherwise : found->second;
  };
  for (const auto& [name, value] : request.arguments) page.query.emplace_back(name, value);
  page.fields = {{PageField::Kind::number, "minutes", "Minutes",
                  given("minutes", std::to_string(std::max(1, context.config.session.minutes)))},
                 {PageField::Kind::text, "me", "You (login)", given("me", context.config.me)},
                 {PageField::Kind::text, "module", "Module", given("module", ""), desk.module_names()},
                 {PageField::Kind::check, "mine", "Only mine", "yes", {}, given("mine", "") == "yes"},
                 {PageField::Kind::choice, "turn", "Queue: turn", given("turn", ""), turn_names()}};
  add_choice_fields(request, page);
  page.fields_button = "Show";
  try {
    Session session = desk.session(request.arguments, own.snoozed());
    for (const auto& take : session.takes) page.cards.push_back(session_card(desk, take, own));
    desk.end_page();
    page.intro = fmt::format("{}{} How right the names are, on this project's past: {}.", session.result.claim,
                             working_hint(request, own, !session.takes.empty()),
                             known_figure_text(desk.context(), "reviewers", "top_3"));
    page.data.push_back(std::move(session.result));
  } catch (const Error& error) {
    // A name that is mistyped, or nobody to be "mine": the queue below is right all the same.
    if (error.kind() != ErrorKind::usage) throw;
    page.intro =
        "No session: " + problem_of(error, given("mine", "") == "yes" && given("me", context.config.me).empty());
  }
  page.cards_title = "The session";
  try {
    Context wanted = context;
    wanted.arguments = request.arguments;
    add_turns(desk, queue_choice(wanted), one_of_argument(wanted, "turn", turn_names()), page);
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::usage) throw;
    page.intro += " The queue is not shown: " + problem_of(error, false);
  }
  return page;
}

}  // namespace resident
