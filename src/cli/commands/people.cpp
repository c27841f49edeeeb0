// resident people: the list, and the identity ledger (why, merge, split, undo).
#include <fmt/format.h>

#include <base/error.hpp>
#include <base/text.hpp>
#include <cli/command.hpp>
#include <store/identities.hpp>

namespace resident {

namespace {

Result why(const Context& context, std::int64_t person) {
  Database& database = context.database;
  const Parameters parameters{{"project", context.project_id}, {"person", person}};
  Result result =
      context.result("why", "Why these are one person", "Which identities belong together, and on what evidence?");
  result.columns = {{"row", "Row"},    {"id", "Id", ColumnType::integer},    {"what", "What"}, {"evidence", "Evidence"},
                    {"made_by", "By"}, {"made_at", "When", ColumnType::date}};
  // E-mail addresses are personal data: only their domain is shown.
  const auto identities = database.query(
      "SELECT i.identity_id, i.provider, i.login, i.name, e.email, i.account_id FROM person_identity p JOIN identity i "
      "ON i.project_id = p.project_id AND i.identity_id = p.identity_id "
      "LEFT JOIN identity_email e ON e.project_id = i.project_id AND e.identity_id = i.identity_id WHERE p.project_id "
      "= :project AND p.person_id = :person ORDER BY i.identity_id",
      parameters);
  std::int64_t count = 0;
  while (identities->next()) {
    ++count;
    std::string what = identities->string(1);
    if (!identities->is_null(2)) what += " @" + identities->string(2);
    if (!identities->is_null(5)) what += fmt::format(" (account {})", identities->integer(5));
    if (!identities->is_null(3)) what += fmt::format(" “{}”", identities->text(3));
    const std::string email = identities->string(4);
    if (!email.empty()) what += " …" + email.substr(std::min(email.find('@'), email.size()));
    result.rows.push_back(
        {std::string("identity"), identities->integer(0), what, std::string(), std::string(), Cell()});
  }
  const auto links = database.query(
      "SELECT l.link_id, l.action, l.identity_a, l.identity_b, l.evidence, l.detail, l.made_by, l.made_at FROM "
      "identity_link l WHERE l.project_id = :project AND "
      "(l.identity_a IN (SELECT identity_id FROM person_identity WHERE project_id = :project AND person_id = :person) "
      "OR "
      "l.identity_b IN (SELECT identity_id FROM person_identity WHERE project_id = :project AND person_id = :person)) "
      "ORDER BY l.link_id",
      parameters);
  while (links->next()) {
    const std::string what =
        links->text(1) == "split"
            ? fmt::format("split: identity {} stands alone", links->integer(2))
            : fmt::format("{}: identity {} and {}", links->text(1), links->integer(2), links->integer(3));
    result.rows.push_back({std::string("link"), links->integer(0), what,
                           links->string(4) + (links->is_null(5) ? "" : ": " + links->string(5)), links->string(6),
                           links->integer(7) ? Cell(links->integer(7)) : Cell()});
  }
  result.claim = fmt::format("person:{} has {}.", person, plural(count, "identity", "identities"));
  result.definition =
      "Links are followed in the order of the ledger; a split cuts all earlier links of an identity, an undo takes one "
      "link back. Nothing is merged on a name alone.";
  return result;
}

std::function<int()> declare(CLI::App& app, Invocation& invocation) {
  invocation.add_store_options(app);
  invocation.add_project_option(app);
  invocation.add_result_options(app);
  auto action = std::make_shared<std::string>("list");
  auto names = std::make_shared<std::vector<std::string>>();
  app.add_option("action", *action, "list, why NAME, merge NAME NAME, split identity:N, or undo LINK")
      ->type_name("ACTION")
      ->check(CLI::IsMember({"list", "why", "merge", "split", "undo"}));
  app.add_option("names", *names, "A login, a name, person:N or identity:N")->type_name("NAME");
  return [&invocation, action, names]() -> int {
    const auto need = [&](std::size_t count, const char* usage) {
      if (names->size() != count) throw Error(ErrorKind::usage, fmt::format("people {} takes {}", *action, usage));
    };
    if (*action == "list") return print_analysis(invocation, find_analysis("people"), {});
    const auto database = invocation.open(*action == "why" ? Access::read : Access::write);
    const Context context = invocation.context(*database);
    const BotRules& bots = context.config.bots;
    const Timestamp now = invocation.clock.now();
    std::int64_t person = 0;
    if (*action == "why") {
      need(1, "a name");
      person = find_person(*database, context.project_id, names->front());
    } else if (*action == "merge") {
      need(2, "two names");
      person = find_person(*database, context.project_id, names->front());
      merge_people(*database, context.project_id, person, find_person(*database, context.project_id, names->back()),
                   now, bots);
      person = find_person(*database, context.project_id, fmt::format("identity:{}", person));
    } else if (*action == "split") {
      need(1, "an identity, as identity:12");
      if (!names->front().starts_with("identity:"))
        throw Error(ErrorKind::usage, "split takes an identity, as identity:12",
                    "`resident people why NAME` lists a person's identities");
      find_person(*database, context.project_id, names->front());
      const std::int64_t identity = std::strtoll(names->front().c_str() + 9, nullptr, 10);
      split_identity(*database, context.project_id, identity, now, bots);
      person = find_person(*database, context.project_id, names->front());
    } else {
      need(1, "the number of a link");
      retract_link(*database, context.project_id, std::strtoll(names->front().c_str(), nullptr, 10), now, bots);
      invocation.err << "the link is taken back; nothing else was changed\n";
      return 0;
    }
    invocation.print({why(context, person)});
    return 0;
  };
}

}  // namespace

extern const Command people_command;
const Command people_command{
    "people", "Who does the work; and who is who: why, merge, split, undo",
    "Example: resident people why ada; resident people merge ada \"Ada Lovelace\"; resident people split identity:17",
    declare};

}  // namespace resident
