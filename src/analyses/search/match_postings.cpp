#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <analyses/search/index.hpp>
#include <analyses/search/matcher.hpp>
#include <analyses/search/posting_reader.hpp>
#include <cmath>
#include <map>
#include <unordered_set>

namespace resident {

namespace {

constexpr double kSaturation = 1.2, kLengthShare = 0.75;  // k1 and b of BM25, as FTS5 has them
constexpr double kLeastRarity = 1e-6;                     // of a word that stands in more than half
constexpr std::size_t kMostAsked = 40000;                 // documents whose filters are looked at in one query

using Numbers = std::vector<std::int64_t>;  // of documents, in order

// A term with those of its postings that are in the fields asked for.
struct Term {
  PostingList own;  // where those are not all
  const PostingList* whole = nullptr;

  const PostingList& list() const { return whole ? *whole : own; }
};

Numbers numbers_of(const PostingList& list) {
  Numbers numbers;
  numbers.reserve(list.size());
  for (const auto& each : list) numbers.push_back(each.document);
  return numbers;
}

Numbers intersection(const Numbers& a, const Numbers& b) {
  Numbers both;
  std::set_intersection(a.begin(), a.end(), b.begin(), b.end(), std::back_inserter(both));
  return both;
}

// The first place from `at` on whose document is not before `document`; near ones are found at once.
std::size_t seek(const PostingList& list, std::size_t at, std::int64_t document) {
  std::size_t step = 1;
  while (at + step < list.size() && list[at + step].document < document) step *= 2;
  const auto begin = list.begin() + static_cast<std::ptrdiff_t>(std::min(at + step / 2, list.size()));
  const auto end = list.begin() + static_cast<std::ptrdiff_t>(std::min(at + step + 1, list.size()));
  return static_cast<std::size_t>(
      std::lower_bound(begin, end, document,
                       [](const Posting& each, std::int64_t number) { return each.document < number; }) -
      list.begin());
}

Numbers with_some(const std::vector<Term>& terms) {
  Numbers found;
  for (const auto& term : terms) {
    const Numbers numbers = numbers_of(term.list());
    Numbers either;
    std::set_union(found.begin(), found.end(), numbers.begin(), numbers.end(), std::back_inserter(either));
    found = std::move(either);
  }
  return found;
}

// From the rarest word on.
Numbers with_all(const std::vector<Term>& terms) {
  std::vector<const PostingList*> lists;
  for (const auto& term : terms) lists.push_back(&term.list());
  std::stable_sort(lists.begin(), lists.end(), [](const auto* a, const auto* b) { return a->size() < b->size(); });
  Numbers found = numbers_of(*lists.front());
  for (std::size_t i = 1; i < lists.size(); ++i) {
    std::size_t at = 0;
    std::erase_if(found, [&](std::int64_t document) {
      at = seek(*lists[i], at, document);
      return at == lists[i]->size() || (*lists[i])[at].document != document;
    });
  }
  return found;
}

class PostingMatcher : public Matcher {
 public:
  PostingMatcher(const Context& context, const SearchFilters& filters, const SearchQuery& query)
      : database_(context.database),
        project_id_(context.project_id),
        filters_(filters),
        reader_(context.database, context.project_id, document_range(context.project_id).first - 1, query),
        mean_length_(reader_.mean_length()) {}

  std::vector<SearchHit> find(const SearchQuery& words, bool any) override {
    bool is_cut = false;
    std::vector<SearchHit> hits = ranked(words, words.in, any, is_cut);
    if (is_cut && words.in.empty()) {
      // The score of a document found in both ways is that of all its fields.
      std::unordered_set<std::int64_t> there;
      for (const auto& hit : hits) there.insert(hit.document);
      for (auto& hit : ranked(words, "title", any, is_cut))
        if (!there.contains(hit.document)) hits.push_back(std::move(hit));
      hits = best_of(std::move(hits));
    }
    describe(hits);
    return hits;
  }

  std::int64_t frequency(const SearchTerm& term, std::int64_t most) override {
    return std::min(most, static_cast<std::int64_t>(reader_.find(term).size()));
  }

  std::vector<std::int64_t> excluded(const SearchQuery& words) override {
    Numbers all;
    for (const auto& term : words.terms) {
      if (!term.is_excluded) continue;
      Numbers either;
      const Numbers numbers = numbers_of(reader_.find(term));
      std::set_union(all.begin(), all.end(), numbers.begin(), numbers.end(), std::back_inserter(either));
      all = std::move(either);
    }
    return all;
  }

 private:
  std::vector<SearchHit> ranked(const SearchQuery& words, const std::string& in, bool any, bool& is_cut) {
    is_cut = false;
    std::vector<Term> terms;
    for (const auto& term : words.terms)
      if (!term.is_excluded) terms.push_back(in_field(reader_.find(term), in));
    Numbers found = any ? with_some(terms) : with_all(terms);
    Numbers rest;
    const Numbers unwanted = excluded(words);
    std::set_difference(found.begin(), found.end(), unwanted.begin(), unwanted.end(), std::back_inserter(rest));
    found = std::move(rest);
    for (const auto* set : filters_.sets()) found = intersection(found, *set);
    std::vector<SearchHit> hits;
    for (const std::string_view kind : kSearchKinds) {
      const auto [from, to] = document_range(project_id_, kind);
      const auto begin = std::lower_bound(found.begin(), found.end(), from);
      Numbers numbers(begin, std::lower_bound(begin, found.end(), to));
      const bool is_few = numbers.size() < static_cast<std::size_t>(kMostScored);
      if (!is_few) numbers = newest_that_pass(numbers);
      is_cut = is_cut || numbers.size() == static_cast<std::size_t>(kMostScored);
      std::vector<SearchHit> best = scored(numbers, terms);
      for (auto& hit : is_few ? best_that_pass(std::move(best)) : best_of(std::move(best)))
        hits.push_back(std::move(hit));
    }
    return best_of(std::move(hits));
  }

  static Term in_field(const PostingList& list, const std::string& in) {
    Term term;
    if (in.empty()) {
      term.whole = &list;
      return term;
    }
    const std::size_t field = in == "title" ? 0 : in == "body" ? 1 : 2;
    for (const auto& each : list) {
      if (each.counts[field] == 0) continue;
      term.own.push_back({each.document, {}});
      term.own.back().counts[field] = each.counts[field];
    }
    return term;
  }

  bool has_conditions() const { return !filters_.where().empty() || !filters_.large_sets("").empty(); }

  // Which of the documents pass the filters; in no order.
  Numbers passing(const Numbers& numbers) const {
    const auto [least, most] = std::minmax_element(numbers.begin(), numbers.end());
    Numbers passed;
    for (const auto rows = database_.query(
             // The span, for the planner: a part of the table.
             fmt::format("SELECT d.document_id FROM search_document d{} WHERE d.project_id = :project AND "
                         "d.document_id BETWEEN {} AND {} AND d.document_id IN ({}){}{}",
                         filters_.joins(), *least, *most, fmt::join(numbers, ","), filters_.where(),
                         filters_.large_sets("d.document_id")),
             filters_.parameters());
         rows->next();)
      passed.push_back(rows->integer(0));
    return passed;
  }

  // Of documents of one kind the newest kMostScored that pass the filters; looked at from the newest on, and the more
  // at once the fewer pass.
  Numbers newest_that_pass(const Numbers& numbers) const {
    const auto most = static_cast<std::size_t>(kMostScored);
    Numbers passed;
    if (!has_conditions()) {
      passed.assign(numbers.end() - kMostScored, numbers.end());
      return passed;
    }
    std::size_t asked = most;
    for (std::size_t end = numbers.size(); end > 0 && passed.size() < most; asked = std::min(2 * asked, kMostAsked)) {
      const std::size_t begin = end - std::min(asked, end);
      const Numbers more = passing(
          {numbers.begin() + static_cast<std::ptrdiff_t>(begin), numbers.begin() + static_cast<std::ptrdiff_t>(end)});
      passed.insert(passed.end(), more.begin(), more.end());
      end = begin;
    }
    std::sort(passed.begin(), passed.end());
    if (passed.size() > most) passed.erase(passed.begin(), passed.end() - kMostScored);
    return passed;
  }

  // The best that pass the filters; looked at from the best on.
  std::vector<SearchHit> best_that_pass(std::vector<SearchHit> hits) const {
    if (!has_conditions()) return best_of(std::move(hits));
    std::stable_sort(hits.begin(), hits.end(), [](const auto& a, const auto& b) { return a.score > b.score; });
    std::vector<SearchHit> best;
    const auto most = static_cast<std::size_t>(kSearchCandidates);
    for (std::size_t begin = 0; begin < hits.size() && best.size() < most;) {
      const std::size_t end = std::min(hits.size(), begin + std::max(2 * most, begin));
      Numbers numbers;
      for (std::size_t i = begin; i < end; ++i) numbers.push_back(hits[i].document);
      const Numbers passed = passing(numbers);
      const std::unordered_set<std::int64_t> there(passed.begin(), passed.end());
      for (; begin < end; ++begin)
        if (there.contains(hits[begin].document)) best.push_back(std::move(hits[begin]));
    }
    if (best.size() > most) best.resize(most);
    return best;
  }

  // BM25 as FTS5 reckons it: fts5Bm25Function in SQLite's fts5_aux.c.
  std::vector<SearchHit> scored(const Numbers& numbers, const std::vector<Term>& terms) const {
    std::vector<SearchHit> hits(numbers.size());
    std::vector<double> lengths(numbers.size());
    const auto& documents = reader_.documents();
    auto document = documents.begin();
    for (std::size_t i = 0; i < numbers.size(); ++i) {
      hits[i].document = numbers[i];
      document =
          std::lower_bound(document, documents.end(), numbers[i],
                           [](const DocumentLength& each, std::int64_t number) { return each.document < number; });
      if (document != documents.end()) lengths[i] = document->words;
    }
    const auto count = static_cast<double>(documents.size());
    for (const auto& term : terms) {
      const PostingList& list = term.list();
      const auto having = static_cast<double>(list.size());
      const double natural = std::log((count - having + 0.5) / (having + 0.5));
      const double rarity = natural <= 0 ? kLeastRarity : natural;
      for (std::size_t i = 0, at = 0; i < numbers.size(); ++i) {
        at = seek(list, at, numbers[i]);
        if (at == list.size()) break;
        if (list[at].document != numbers[i]) continue;
        const auto& counts = list[at].counts;
        const double often = kTitleWeight * counts[0] + kBodyWeight * counts[1] + kRepliesWeight * counts[2];
        hits[i].score +=
            rarity * ((often * (kSaturation + 1)) /
                      (often + kSaturation * (1 - kLengthShare + kLengthShare * lengths[i] / mean_length_)));
      }
    }
    return hits;
  }

  // What the hits are; those that are gone meanwhile are left out.
  void describe(std::vector<SearchHit>& hits) const {
    if (hits.empty()) return;
    Numbers numbers;
    for (const auto& hit : hits) numbers.push_back(hit.document);
    std::map<std::int64_t, SearchHit> described;
    for (auto& hit : read_hits(database_,
                               fmt::format("SELECT d.document_id, d.kind, d.parent_key, d.at, 0.0 FROM search_document "
                                           "d WHERE d.project_id = :project AND d.document_id IN ({})",
                                           fmt::join(numbers, ",")),
                               {{"project", project_id_}}))
      described[hit.document] = std::move(hit);
    std::erase_if(hits, [&](SearchHit& hit) {
      const auto found = described.find(hit.document);
      if (found == described.end()) return true;
      found->second.score = hit.score;
      hit = found->second;
      return false;
    });
  }

  Database& database_;
  std::int64_t project_id_;
  const SearchFilters& filters_;
  PostingReader reader_;
  double mean_length_;
};

}  // namespace

std::unique_ptr<Matcher> make_posting_matcher(const Context& context, const SearchFilters& filters,
                                              const SearchQuery& query) {
  return std::make_unique<PostingMatcher>(context, filters, query);
}

}  // namespace resident
