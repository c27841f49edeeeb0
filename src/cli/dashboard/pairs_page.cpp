// Likely pairs: who may be one person, a card each, to be joined, refused or postponed with one key. Nothing here is
// sent anywhere.
#include <fmt/format.h>

#include <base/error.hpp>
#include <base/text.hpp>
#include <charconv>
#include <cli/dashboard/cards.hpp>
#include <cli/dashboard/pages.hpp>
#include <learn/pairs/pairs.hpp>
#include <store/identities.hpp>

namespace resident {

namespace {

constexpr Timestamp kPostponed = 90 * kDay;

ActionForm answer_form(const LikelyPair& pair, const char* kind, const char* button) {
  ActionForm form;
  form.kind = kind;
  form.content = fmt::format("{} {}", pair.a, pair.b);
  form.button = button;
  return form;
}

ActionCard card_of(const LikelyPair& pair) {
  ActionCard card;
  card.item_id = pair.a;
  card.anchor = "pair";
  card.title = fmt::format("{} and {}", pair.name_a, pair.name_b);
  card.facts.push_back({"probability", fmt::format("{:.0f} %", 100 * pair.probability)});
  for (const auto& why : pair.evidence) card.facts.push_back({"for it", why});
  card.facts.push_back({"they are", fmt::format("person:{} and person:{}", pair.a, pair.b),
                        "`resident people why` tells what each is made of"});
  card.forms = {answer_form(pair, "pair_join", "Join them"), answer_form(pair, "pair_refuse", "They are two people"),
                answer_form(pair, "pair_postpone", "Ask again in 90 days")};
  return card;
}

// "12 34": two identities.
std::pair<std::int64_t, std::int64_t> two_of(std::string_view text) {
  std::int64_t a = 0, b = 0;
  const char* end = text.data() + text.size();
  const auto first = std::from_chars(text.data(), end, a);
  if (first.ec != std::errc() || first.ptr == end || *first.ptr != ' ')
    throw Error(ErrorKind::usage, "that names no pair");
  const auto second = std::from_chars(first.ptr + 1, end, b);
  if (second.ec != std::errc() || second.ptr != end) throw Error(ErrorKind::usage, "that names no pair");
  return {a, b};
}

}  // namespace

Page pairs_page(Desk& desk, const PageRequest& request, Timestamp now) {
  const Context& context = desk.context();
  const auto pairs = likely_pairs(context, kPossiblePair, now);
  Page page{"pairs", "Likely pairs"};
  Result result = pairs_result(context, pairs);
  page.intro = result.claim + " " + result.uncertainty;
  if (!request.as_of && !pairs.empty())
    page.intro += " Keys: j and k move, 1 joins, 2 says that they are two people, 3 asks again later.";
  const auto from = static_cast<std::size_t>(request.from);
  for (std::size_t i = from; i < pairs.size() && i < from + kCardsOnPage; ++i) page.cards.push_back(card_of(pairs[i]));
  add_places(page, request, static_cast<std::int64_t>(pairs.size()));
  page.data.push_back(std::move(result));
  return page;
}

bool is_pair_answer(const std::string& kind) {
  return kind == "pair_join" || kind == "pair_refuse" || kind == "pair_postpone";
}

std::string answer_pair(const Context& context, const PlanRequest& request, Timestamp now) {
  const auto [a, b] = two_of(request.content);
  // By their identities: a join in between may have given a person another number.
  const auto person = [&](std::int64_t identity) {
    return find_person(context.database, context.project_id, fmt::format("identity:{}", identity));
  };
  const std::int64_t first = person(a), second = person(b);
  if (first == second) return "pair-joined";
  if (request.kind == "pair_join")
    merge_people(context.database, context.project_id, first, second, now, context.config.bots);
  if (request.kind == "pair_refuse") refuse_pair(context.database, context.project_id, a, b, now);
  if (request.kind == "pair_postpone") postpone_pair(context.database, context.project_id, a, b, now + kPostponed, now);
  return request.kind == "pair_join" ? "pair-joined" : request.kind == "pair_refuse" ? "pair-refused" : "pair-later";
}

}  // namespace resident
