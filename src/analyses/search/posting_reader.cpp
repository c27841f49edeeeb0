#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <analyses/search/posting_buffer.hpp>
#include <analyses/search/posting_reader.hpp>
#include <memory>
#include <set>

namespace resident {

namespace {

bool by_document(const Posting& a, const Posting& b) {
  return a.document < b.document;
}

// The statement that reads all, with its parameters, whose names it keeps.
class Reading {
 public:
  Reading(std::int64_t project_id, const SearchQuery& query) {
    parameters_.emplace_back("project", project_id);
    std::set<std::string> words, with_places;
    std::set<std::string> prefixes;
    for (const auto& term : query.terms) {
      if (term.is_prefix) {
        prefixes.insert(term.tokens.front());
        continue;
      }
      words.insert(term.tokens.begin(), term.tokens.end());
      if (term.is_phrase && term.tokens.size() > 1) with_places.insert(term.tokens.begin(), term.tokens.end());
    }
    sql_ = "SELECT segment, '' AS word, documents, dead AS more FROM search_segment WHERE project_id = :project";
    // The places are long and only phrases need them.
    for (const auto& word : with_places) words.erase(word);
    if (!words.empty()) add(fmt::format("p.word IN ({})", names_of(words)), "NULL");
    if (!with_places.empty()) add(fmt::format("p.word IN ({})", names_of(with_places)), "p.places");
    for (const auto& prefix : prefixes) {
      const std::string from = name_of(prefix), to = name_of(prefix + "\xF4\x8F\xBF\xBF");  // the last character
      add(fmt::format("p.word >= {} AND p.word < {}", from, to), "NULL");
    }
  }
  std::unique_ptr<Rows> rows(Database& database) const { return database.query(sql_, parameters_); }

 private:
  void add(const std::string& condition, const char* places) {
    sql_ += fmt::format(
        " UNION ALL SELECT p.segment, p.word, p.documents, {} FROM search_segment s JOIN search_posting p ON "
        "p.project_id = s.project_id AND p.segment = s.segment WHERE s.project_id = :project AND p.project_id = "
        ":project AND {}",
        places, condition);
  }
  std::string name_of(const std::string& word) {
    names_.push_back(std::make_unique<std::string>(fmt::format("word{}", names_.size())));
    parameters_.emplace_back(*names_.back(), word);
    return ":" + *names_.back();
  }
  std::string names_of(const std::set<std::string>& words) {
    std::vector<std::string> names;
    for (const auto& word : words) names.push_back(name_of(word));
    return fmt::format("{}", fmt::join(names, ", "));
  }

  std::string sql_;
  Parameters parameters_;
  std::vector<std::unique_ptr<std::string>> names_;  // parameters refer to them
};

// Several times the same document, of several words, is one that has them all.
void join_equal(PostingList& list) {
  std::stable_sort(list.begin(), list.end(), by_document);
  std::size_t kept = 0;
  for (std::size_t i = 0; i < list.size(); ++i) {
    if (kept > 0 && list[kept - 1].document == list[i].document) {
      for (std::size_t field = 0; field < kSearchFields; ++field) list[kept - 1].counts[field] += list[i].counts[field];
    } else {
      list[kept++] = list[i];
    }
  }
  list.resize(kept);
}

// Those of `starts` after which a place of the next word comes, `distance` words on.
void keep_followed(std::vector<std::uint32_t>& starts, const std::vector<std::uint32_t>& places,
                   std::uint32_t distance) {
  std::size_t kept = 0, at = 0;
  for (const std::uint32_t start : starts) {
    while (at < places.size() && places[at] < start + distance) ++at;
    if (at < places.size() && places[at] == start + distance) starts[kept++] = start;
  }
  starts.resize(kept);
}

}  // namespace

PostingReader::PostingReader(Database& database, std::int64_t project_id, std::int64_t base, const SearchQuery& query)
    : base_(base) {
  const Reading reading(project_id, query);
  std::vector<std::pair<std::int64_t, std::vector<DocumentLength>>> lengths;
  for (const auto rows = reading.rows(database); rows->next();) {
    Segment& segment = segments_[rows->integer(0)];
    if (!rows->text(1).empty()) {
      // A word may come several times: of a phrase, with its places, and of a prefix.
      WordInSegment& word = segment.words[rows->string(1)];
      word.documents = bytes_of(*rows, 2);
      if (!rows->is_null(3)) word.places = bytes_of(*rows, 3);
      continue;
    }
    segment.dead = decode_documents(base, bytes_of(*rows, 3));
    for (const auto& each : decode_lengths(base, bytes_of(*rows, 2)))
      if (!std::binary_search(segment.dead.begin(), segment.dead.end(), each.document)) documents_.push_back(each);
  }
  if (segments_.size() > 1)
    std::sort(documents_.begin(), documents_.end(),
              [](const auto& a, const auto& b) { return a.document < b.document; });
}

double PostingReader::mean_length() const {
  double words = 0;
  for (const auto& each : documents_) words += each.words;
  return documents_.empty() ? 0 : words / static_cast<double>(documents_.size());
}

const PostingList& PostingReader::find(const SearchTerm& term) {
  const bool is_phrase = term.is_phrase && term.tokens.size() > 1;
  const std::string key =
      is_phrase ? fmt::format("{}", fmt::join(term.tokens, " ")) : term.tokens.front() + (term.is_prefix ? "*" : "");
  const auto [found, is_new] = lists_.try_emplace(key);
  PostingList& list = found->second;
  if (!is_new) return list;
  for (const auto& [number, segment] : segments_) {
    if (is_phrase) {
      add_phrase(segment, term.tokens, list);
      continue;
    }
    for (auto word = segment.words.lower_bound(term.tokens.front()); word != segment.words.end(); ++word) {
      const bool is_meant =
          term.is_prefix ? word->first.starts_with(term.tokens.front()) : word->first == term.tokens.front();
      if (!is_meant) break;
      add_word(segment, word->second, list);
    }
  }
  if (!std::is_sorted(list.begin(), list.end(), by_document) || term.is_prefix) join_equal(list);
  return list;
}

void PostingReader::add_word(const Segment& segment, const WordInSegment& word, PostingList& list) const {
  auto dead = segment.dead.begin();
  for (PostingCursor cursor(base_, word.documents); cursor.next();) {
    const std::int64_t document = cursor.posting().document;
    while (dead != segment.dead.end() && *dead < document) ++dead;
    if (dead == segment.dead.end() || *dead != document) list.push_back(cursor.posting());
  }
}

void PostingReader::add_phrase(const Segment& segment, const std::vector<std::string>& tokens,
                               PostingList& list) const {
  std::vector<PostingCursor> cursors;
  for (const auto& token : tokens) {
    const auto word = segment.words.find(token);
    if (word == segment.words.end()) return;
    cursors.emplace_back(base_, word->second.documents, word->second.places);
    if (!cursors.back().next()) return;
  }
  std::vector<std::uint32_t> starts;
  for (;;) {
    const std::int64_t document =
        std::max_element(cursors.begin(), cursors.end(),
                         [](const auto& a, const auto& b) { return a.posting().document < b.posting().document; })
            ->posting()
            .document;
    bool is_in_all = true;
    for (auto& cursor : cursors) {
      while (cursor.posting().document < document)
        if (!cursor.next()) return;
      is_in_all = is_in_all && cursor.posting().document == document;
    }
    if (!is_in_all) continue;
    Posting posting{document, {}};
    bool is_found = false;
    for (std::size_t field = 0; field < kSearchFields; ++field) {
      if (std::any_of(cursors.begin(), cursors.end(), [&](const auto& each) { return !each.posting().counts[field]; }))
        continue;
      starts = cursors.front().places(field);
      for (std::size_t i = 1; i < cursors.size() && !starts.empty(); ++i)
        keep_followed(starts, cursors[i].places(field), static_cast<std::uint32_t>(i));
      posting.counts[field] = static_cast<std::uint32_t>(starts.size());
      is_found = is_found || !starts.empty();
    }
    if (is_found && !std::binary_search(segment.dead.begin(), segment.dead.end(), document)) list.push_back(posting);
    if (!cursors.front().next()) return;
  }
}

}  // namespace resident
