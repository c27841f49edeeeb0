// resident people: the list, and the identity ledger (why, merge, split, undo).
#include <fmt/format.h>

#include <algorithm>
#include <analyses/list.hpp>
#include <base/error.hpp>
#include <base/text.hpp>
#include <charconv>
#include <cli/command.hpp>
#include <cli/options.hpp>
#include <iostream>
#include <learn/pairs/pairs.hpp>
#include <nlohmann/json.hpp>
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
  const auto decided = database.query(
      "SELECT name, is_bot, bot_reason, decided FROM person WHERE project_id = :project AND person_id = :person",
      parameters);
  if (decided->next())
    result.rows.push_back({std::string("decided"), person,
                           std::string(decided->integer(1) == 1 ? "a bot, left out of the figures" : "a person"),
                           decided->string(3), std::string("rule"), Cell()});
  // E-mail addresses are personal data: only their domain is shown.
  const auto identities = database.query(
      "SELECT i.identity_id, i.provider, i.login, i.name, e.email, i.account_id, i.account_type FROM person_identity p "
      "JOIN identity i ON i.project_id = p.project_id AND i.identity_id = p.identity_id LEFT JOIN identity_email e ON "
      "e.project_id = i.project_id AND e.identity_id = i.identity_id WHERE p.project_id = :project AND p.person_id = "
      ":person ORDER BY i.identity_id",
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
    // What this one says of itself; of the person it decides nothing alone.
    const std::string sign =
        context.config.bots.reason(identities->string(2), identities->string(3), identities->string(6));
    result.rows.push_back({std::string("identity"), identities->integer(0), what,
                           sign.empty() ? std::string() : fmt::format("as a bot's: {}", sign), std::string(), Cell()});
  }
  const auto links = database.query(
      "SELECT l.link_id, l.action, l.identity_a, l.identity_b, l.evidence, l.detail, l.made_by, l.made_at FROM "
      "identity_link l WHERE l.project_id = :project AND (l.identity_a IN (SELECT identity_id FROM person_identity "
      "WHERE project_id = :project AND person_id = :person) OR l.identity_b IN (SELECT identity_id FROM "
      "person_identity WHERE project_id = :project AND person_id = :person)) ORDER BY l.link_id",
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
      "link back; what a rule no longer says it retracts itself. Nothing is merged on a name alone. A bot's name says "
      "something of the identity that bears it: a person is a bot where none of their accounts, or, of somebody "
      "without any, neither a whole name nor most commits say otherwise (not_bots and bots in the configuration go "
      "first).";
  return result;
}

constexpr Timestamp kPostponed = 90 * kDay;

// [{a, b, probability, evidence}], likely ones first.
void print_pairs_json(const Invocation& invocation, const std::vector<LikelyPair>& pairs) {
  using Json = nlohmann::ordered_json;
  Json list = Json::array();
  for (const LikelyPair& pair : pairs)
    list.push_back({{"a", pair.name_a},
                    {"b", pair.name_b},
                    {"probability", pair.probability},
                    {"evidence", pair.evidence},
                    {"a_person", pair.a},
                    {"b_person", pair.b}});
  invocation.out << list.dump(-1, ' ', false, Json::error_handler_t::replace) << "\n";
}

// One key, and return, for each pair: j joins, r refuses, p postpones, q ends; anything else leaves it.
void ask_about_pairs(const Invocation& invocation, const Context& context, const std::vector<LikelyPair>& pairs) {
  const Timestamp now = invocation.clock.now();
  for (const LikelyPair& pair : pairs) {
    invocation.out << fmt::format("\n{} (person:{}) and {} (person:{}): {:.0f} %\n", one_line(pair.name_a), pair.a,
                                  one_line(pair.name_b), pair.b, 100 * pair.probability);
    for (const auto& why : pair.evidence) invocation.out << "  " << one_line(why) << "\n";
    invocation.out << "j join, r two people, p ask again in 90 days, return leaves it, q ends: " << std::flush;
    std::string line;
    if (!std::getline(std::cin, line) || line == "q") return;
    // By their identities: a join before may have given them another number.
    const auto person = [&](std::int64_t id) {
      return find_person(context.database, context.project_id, fmt::format("identity:{}", id));
    };
    if (line == "j")
      merge_people(context.database, context.project_id, person(pair.a), person(pair.b), now, context.config.bots);
    else if (line == "r")
      refuse_pair(context.database, context.project_id, pair.a, pair.b, now);
    else if (line == "p")
      postpone_pair(context.database, context.project_id, pair.a, pair.b, now + kPostponed, now);
  }
}

int show_pairs(const Invocation& invocation, const Context& context, bool asks) {
  const auto pairs = likely_pairs(context, kPossiblePair, invocation.clock.now());
  if (asks) {
    ask_about_pairs(invocation, context, pairs);
  } else if (invocation.json == "all") {
    print_pairs_json(invocation, pairs);
  } else {
    invocation.print({pairs_result(context, pairs)});
  }
  return 0;
}

std::function<int()> declare_people(OptionSet& app, Invocation& invocation) {
  invocation.add_store_options(app);
  invocation.add_project_option(app);
  invocation.add_result_options(app);
  auto action = std::make_shared<std::string>("list");
  auto names = std::make_shared<std::vector<std::string>>();
  takes_one_of(app.add_option("action", *action,
                              "list, why NAME, pairs, merge NAME NAME, refuse NAME NAME, postpone NAME NAME, split "
                              "identity:N, or undo LINK")
                   ->type_name("ACTION"),
               {"list", "why", "pairs", "merge", "refuse", "postpone", "split", "undo"});
  auto asks = std::make_shared<bool>(false);
  app.add_flag("--ask", *asks, "pairs: ask about each; one key joins, refuses or postpones");
  app.add_option("names", *names, "A login, a name, person:N or identity:N")->type_name("NAME");
  return [&invocation, action, names, asks]() -> int {
    const auto need = [&](std::size_t count, const char* usage) {
      if (names->size() != count)
        throw Error(ErrorKind::usage, fmt::format("people {} takes {}", *action, usage),
                    "a login, a name, person:N or identity:N; `resident people` lists everybody");
    };
    if (*action == "list" && !names->empty())
      throw Error(ErrorKind::usage, "people list takes no name", "`resident people why NAME` tells of one person");
    if (*action == "list") return print_analysis(invocation, find_analysis("people"), {});
    const bool reads = *action == "why" || (*action == "pairs" && !*asks);
    const auto database = invocation.open(reads ? Access::read : Access::write);
    const Context context = invocation.context(*database);
    const BotRules& bots = context.config.bots;
    const Timestamp now = invocation.clock.now();
    if (*action == "pairs") {
      need(0, "no name");
      return show_pairs(invocation, context, *asks);
    }
    if (*action == "refuse" || *action == "postpone") {
      need(2, "two names");
      const std::int64_t a = find_person(*database, context.project_id, names->front()),
                         b = find_person(*database, context.project_id, names->back());
      if (a == b) throw Error(ErrorKind::usage, "these are one person", "`resident people split` takes them apart");
      if (*action == "refuse") refuse_pair(*database, context.project_id, a, b, now);
      if (*action == "postpone") postpone_pair(*database, context.project_id, a, b, now + kPostponed, now);
      invocation.err << (*action == "refuse" ? "kept: they are two people\n" : "kept: asked again in 90 days\n");
      return 0;
    }
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
      std::int64_t link = 0;
      const std::string& text = names->front();
      const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), link);
      if (problem != std::errc() || end != text.data() + text.size())
        throw Error(ErrorKind::usage, fmt::format("{} is not the number of a link", one_line(text)),
                    "`resident people why NAME` lists a person's links");
      retract_link(*database, context.project_id, link, now, bots);
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
    "people", "Who does the work; and who is who: why, pairs, merge, split, undo",
    "`pairs` proposes who may be one person where no evidence allows to join them; with --ask one key joins, refuses "
    "or postpones each. Nothing is joined without your word.\n"
    "Example: resident people why ada; resident people pairs; resident people merge ada \"Ada Lovelace\"; resident "
    "people split identity:17",
    declare_people};

}  // namespace resident
