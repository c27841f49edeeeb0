#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <base/text.hpp>
#include <framework/accuracy.hpp>
#include <learn/pairs/pair_signals.hpp>
#include <learn/pairs/pairs.hpp>
#include <numeric>
#include <unordered_set>

namespace resident {

namespace {

constexpr std::size_t kNone = static_cast<std::size_t>(-1);

struct Persons {
  std::unordered_map<std::int64_t, std::string> names;
  std::unordered_set<std::int64_t> bots;
};

Persons load_persons(const Context& context) {
  Persons persons;
  for (const auto rows = context.database.query(
           "SELECT person_id, name, is_bot FROM person WHERE project_id = :project", {{"project", context.project_id}});
       rows->next();) {
    persons.names[rows->integer(0)] = rows->string(1);
    if (rows->integer(2) == 1) persons.bots.insert(rows->integer(0));
  }
  return persons;
}

// Identities that a user does not want to be asked about together.
std::vector<std::pair<std::int64_t, std::int64_t>> left_out(const Context& context, const IdentityGraph& graph,
                                                            Timestamp now) {
  auto result = graph.parted();
  for (const auto rows = context.database.query("SELECT identity_a, identity_b FROM pair_answer WHERE project_id = "
                                                ":project AND (answer = 'refused' OR until_at > :now)",
                                                {{"project", context.project_id}, {"now", now}});
       rows->next();)
    result.emplace_back(rows->integer(0), rows->integer(1));
  return result;
}

void answer(Database& database, std::int64_t project_id, std::int64_t a, std::int64_t b, const std::string& word,
            Timestamp now, const Value& until) {
  Transaction transaction(database);
  database.insert({"pair_answer",
                   {"project_id", "identity_a", "identity_b", "answer", "answered_at", "until_at"},
                   {"project_id", "identity_a", "identity_b"}},
                  {{project_id, std::min(a, b), std::max(a, b), word, now, until}});
  transaction.commit();
}

}  // namespace

std::vector<LikelyPair> likely_pairs(const Context& context, double least, Timestamp now) {
  const IdentityGraph graph(context.database, context.project_id, context.config.bots);
  const Persons persons = load_persons(context);
  std::vector<std::size_t> unit = graph.roots(graph.active_links());
  const auto person_of = [&](std::size_t index) { return graph.identities()[index].id; };
  std::unordered_map<std::int64_t, std::size_t> unit_of_identity;
  for (std::size_t i = 0; i < unit.size(); ++i) {
    unit_of_identity[graph.identities()[i].id] = unit[i];
    if (persons.bots.contains(person_of(unit[i]))) unit[i] = kNone;
  }
  std::set<std::pair<std::size_t, std::size_t>> out;
  for (const auto& [a, b] : left_out(context, graph, now))
    if (unit_of_identity.contains(a) && unit_of_identity.contains(b))
      out.insert(std::minmax(unit_of_identity.at(a), unit_of_identity.at(b)));

  const PairScorer scorer(context, graph, unit, false);
  struct Found {
    std::size_t a, b;
    PairScorer::Score score;
  };
  std::vector<Found> found;
  for (const auto& [a, b] : scorer.candidates()) {
    if (out.contains({a, b})) continue;
    PairScorer::Score score = scorer.score(a, b);
    if (score.probability >= least) found.push_back({a, b, std::move(score)});
  }
  std::stable_sort(found.begin(), found.end(),
                   [](const Found& x, const Found& y) { return x.score.probability > y.score.probability; });
  // Of five that are one, four pairs join all.
  std::vector<std::size_t> parent(unit.size());
  std::iota(parent.begin(), parent.end(), std::size_t{0});
  const auto root = [&](std::size_t index) {
    while (parent[index] != index) index = parent[index] = parent[parent[index]];
    return index;
  };
  std::vector<LikelyPair> pairs;
  for (Found& each : found) {
    const std::size_t a = root(each.a), b = root(each.b);
    if (a == b) continue;
    parent[a] = b;
    const std::int64_t first = person_of(each.a), second = person_of(each.b);
    pairs.push_back({first, second, persons.names.at(first), persons.names.at(second), each.score.probability,
                     std::move(each.score.evidence)});
  }
  return pairs;
}

void refuse_pair(Database& database, std::int64_t project_id, std::int64_t a, std::int64_t b, Timestamp now) {
  answer(database, project_id, a, b, "refused", now, Value());
}

void postpone_pair(Database& database, std::int64_t project_id, std::int64_t a, std::int64_t b, Timestamp until,
                   Timestamp now) {
  answer(database, project_id, a, b, "postponed", now, until);
}

Result pairs_result(const Context& context, const std::vector<LikelyPair>& pairs) {
  Result result = context.result("pairs", "Likely pairs", "Which people in the store are probably one?");
  result.columns = {{"a", "One"},
                    {"b", "Other"},
                    {"probability", "Probability", ColumnType::share},
                    {"evidence", "What speaks for it"},
                    {"a_person", "Person", ColumnType::integer, "", "as person:N", "", true},
                    {"b_person", "Person", ColumnType::integer, "", "as person:N", "", true}};
  std::int64_t likely = 0;
  for (const LikelyPair& pair : pairs) {
    likely += pair.probability >= kLikelyPair;
    result.rows.push_back({fmt::format("{} (person:{})", pair.name_a, pair.a),
                           fmt::format("{} (person:{})", pair.name_b, pair.b), pair.probability,
                           fmt::format("{}", fmt::join(pair.evidence, "; ")), pair.a, pair.b});
  }
  result.claim = pairs.empty()
                     ? "Nobody in the store looks like somebody else in it."
                     : fmt::format("{} {} probably one person, {} more possibly; none is joined until you say so.",
                                   plural(likely, "pair"), likely == 1 ? "is" : "are",
                                   static_cast<std::int64_t>(pairs.size()) - likely);
  result.sample_size = static_cast<std::int64_t>(pairs.size());
  result.uncertainty = fmt::format("Of pairs above {:.0f} %: {}.", 100 * kLikelyPair,
                                   known_figure_text(context, "pairs", "precision_above_90"));
  result.definition =
      "Two people of the store who share a name, a login or what stands before an address's @, or whom the forge and "
      "git name beside each other; weights as log-odds (guide: people). `resident people merge A B` joins, `resident "
      "people refuse A B` says that they are two, `resident people postpone A B` asks again in 90 days. Bots and what "
      "was answered are left out; of several pairs that would join the same people those that suffice are shown.";
  result.method =
      "every two people who share anything, each sign weighed as log-odds (guide: people); `resident accuracy pairs` "
      "replays it";
  return result;
}

}  // namespace resident
