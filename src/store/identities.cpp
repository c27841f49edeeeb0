#include <fmt/format.h>

#include <algorithm>
#include <base/error.hpp>
#include <base/text.hpp>
#include <cstdlib>
#include <set>
#include <store/identities.hpp>
#include <store/identity_graph.hpp>

namespace resident {

namespace {

// The people of a project are computed anew from all its identities: of two processes that do so,
// the second must see what the first left. Writing the project's row makes it wait, in either store.
void take_turns(Database& database, std::int64_t project_id) {
  database.execute("UPDATE project SET name = name WHERE project_id = :project", {{"project", project_id}});
}

void append(Database& database, std::int64_t project_id, const std::string& action, std::int64_t a, std::int64_t b,
            const std::string& detail, Timestamp now, const BotRules& bots) {
  Transaction transaction(database);
  take_turns(database, project_id);
  database.execute(
      "INSERT INTO identity_link (project_id, link_id, action, identity_a, identity_b, evidence, detail, made_by, "
      "made_at) "
      "SELECT :project, COALESCE(max(link_id), 0) + 1, :action, :a, :b, 'manual', :detail, 'user', :now "
      "FROM identity_link WHERE project_id = :project",
      {{"project", project_id},
       {"action", action},
       {"a", a},
       {"b", b},
       {"detail", text_or_null(detail)},
       {"now", now}});
  IdentityGraph(database, project_id, bots).compute_people();
  transaction.commit();
}

}  // namespace

void compute_people_in(Database& database, std::int64_t project_id, const BotRules& bots) {
  take_turns(database, project_id);
  database.execute("DELETE FROM people_due WHERE project_id = :project", {{"project", project_id}});
  IdentityGraph graph(database, project_id, bots);
  graph.follow_rules();
  graph.compute_people();
}

void resolve_identities(Database& database, std::int64_t project_id, const BotRules& bots) {
  Transaction transaction(database);
  compute_people_in(database, project_id, bots);
  transaction.commit();
}

bool are_people_current(Database& database, std::int64_t project_id, const BotRules& bots) {
  const Parameters project{{"project", project_id}};
  const auto settings = database.text("SELECT settings FROM people_state WHERE project_id = :project", project);
  if (settings) return *settings == people_settings(bots);
  // Before the first sync has ended there is nobody yet; people without a word of how they came are an older program's.
  return database.integer("SELECT count(*) FROM person WHERE project_id = :project", project).value_or(0) == 0;
}

bool are_people_due(Database& database, std::int64_t project_id) {
  return database.integer("SELECT 1 FROM people_due WHERE project_id = :project", {{"project", project_id}})
      .has_value();
}

std::int64_t people_revision(Database& database, std::int64_t project_id) {
  return database.integer("SELECT revision FROM people_state WHERE project_id = :project", {{"project", project_id}})
      .value_or(0);
}

void merge_people(Database& database, std::int64_t project_id, std::int64_t person_a, std::int64_t person_b,
                  Timestamp now, const BotRules& bots) {
  if (person_a == person_b)
    throw Error(ErrorKind::usage, "these are one person already", "`resident people why` tells how");
  append(database, project_id, "merge", std::min(person_a, person_b), std::max(person_a, person_b), {}, now, bots);
}

void split_identity(Database& database, std::int64_t project_id, std::int64_t identity_id, Timestamp now,
                    const BotRules& bots) {
  append(database, project_id, "split", identity_id, identity_id, {}, now, bots);
}

void retract_link(Database& database, std::int64_t project_id, std::int64_t link_id, Timestamp now,
                  const BotRules& bots) {
  const Parameters parameters{{"project", project_id}, {"link", link_id}};
  if (!database.integer("SELECT link_id FROM identity_link WHERE project_id = :project AND link_id = :link",
                        parameters))
    throw Error(ErrorKind::usage, fmt::format("there is no link {}", link_id),
                "`resident people why NAME` lists a person's links");
  append(database, project_id, "retract", 0, 0, std::to_string(link_id), now, bots);
}

std::int64_t find_person(Database& database, std::int64_t project_id, const std::string& text) {
  for (const std::string_view prefix : {"person:", "identity:"}) {
    if (!text.starts_with(prefix)) continue;
    const std::int64_t id = std::strtoll(text.c_str() + prefix.size(), nullptr, 10);
    if (const auto person =
            database.integer("SELECT person_id FROM person_identity WHERE project_id = :project AND identity_id = :id",
                             {{"project", project_id}, {"id", id}}))
      return *person;
    throw Error(ErrorKind::usage, fmt::format("there is no {}", one_line(text)));
  }
  std::string wanted = to_lower(text);
  if (wanted.starts_with("@")) wanted.erase(0, 1);
  std::set<std::int64_t> found;
  const auto collect = [&](std::string_view sql) {
    for (const auto rows = database.query(sql, {{"project", project_id}, {"text", wanted}}); rows->next();)
      found.insert(rows->integer(0));
  };
  constexpr std::string_view from =
      "FROM identity i JOIN person_identity p ON p.project_id = i.project_id AND p.identity_id = i.identity_id "
      "WHERE i.project_id = :project AND lower(";
  collect(fmt::format("SELECT p.person_id {}i.login) = :text", from));
  if (found.empty()) collect(fmt::format("SELECT p.person_id {}i.name) = :text", from));
  if (found.size() == 1) return *found.begin();
  if (found.size() > 1) {
    std::string choices;
    for (const auto id : found) choices += fmt::format("{}person:{}", choices.empty() ? "" : ", ", id);
    throw Error(ErrorKind::usage, fmt::format("{} people are called {}", found.size(), one_line(text)),
                "say which: " + choices);
  }
  std::vector<std::string> names;
  for (const auto rows =
           database.query("SELECT name FROM person WHERE project_id = :project", {{"project", project_id}});
       rows->next();)
    names.push_back(rows->string(0));
  const std::string nearest = near_miss(text, names);
  throw Error(
      ErrorKind::usage, fmt::format("there is nobody called {}", one_line(text)),
      nearest.empty() ? "`resident people` lists everybody" : fmt::format("did you mean {}?", one_line(nearest)));
}

}  // namespace resident
