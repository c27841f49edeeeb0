#include <fmt/format.h>

#include <algorithm>
#include <analyses/search/posting_buffer.hpp>
#include <analyses/search/posting_writer.hpp>
#include <optional>

namespace resident {

namespace {

constexpr std::size_t kMostBuffered = 128 << 20;  // bytes of a segment before it is written out
constexpr std::size_t kRowsRead = 500;            // of a segment, at once, while merging
constexpr std::size_t kGrowth = 3;                // a segment is this many times as large as all after it

struct Segment {
  std::int64_t number = 0;
  std::vector<DocumentLength> documents;  // dead ones among them; by number
  std::vector<std::int64_t> dead;         // in order
  std::vector<std::int64_t> removed;      // in this run, beside those

  std::size_t live() const { return documents.size() - dead.size(); }
  bool is_dead(std::int64_t document) const { return std::binary_search(dead.begin(), dead.end(), document); }
};

// The words of one segment in order, a page at a time.
class SegmentWords {
 public:
  SegmentWords(Database& database, std::int64_t project_id, const Segment& segment)
      : database_(database), project_id_(project_id), segment_(segment) {
    read("");
  }
  bool is_at_end() const { return at_ >= rows_.size(); }
  const PostingRow& row() const { return rows_[at_]; }
  const Segment& segment() const { return segment_; }
  void next() {
    if (++at_ < rows_.size() || rows_.size() < kRowsRead) return;
    read(std::string(rows_.back().word));
  }

 private:
  void read(const std::string& after) {
    rows_.clear();
    at_ = 0;
    for (const auto rows =
             database_.query("SELECT word, documents, places FROM search_posting WHERE project_id = :project AND "
                             "segment = :segment AND word > :after ORDER BY word LIMIT :most",
                             {{"project", project_id_},
                              {"segment", segment_.number},
                              {"after", after},
                              {"most", static_cast<std::int64_t>(kRowsRead)}});
         rows->next();)
      rows_.push_back({rows->string(0), bytes_of(*rows, 1), bytes_of(*rows, 2)});
  }

  Database& database_;
  std::int64_t project_id_;
  const Segment& segment_;
  std::vector<PostingRow> rows_;
  std::size_t at_ = 0;
};

// The lists of one word in several segments as one, without what is dead.
PostingRow merged(const std::vector<const SegmentWords*>& sources, std::int64_t base) {
  if (sources.size() == 1 && sources.front()->segment().dead.empty()) return sources.front()->row();
  struct Source {
    PostingCursor cursor;
    const Segment* segment;
  };
  std::vector<Source> open;
  const auto advance = [](Source& source) {
    while (source.cursor.next())
      if (!source.segment->is_dead(source.cursor.posting().document)) return true;
    return false;
  };
  for (const auto* source : sources) {
    Source each{PostingCursor(base, source->row().documents, source->row().places), &source->segment()};
    if (advance(each)) open.push_back(std::move(each));
  }
  PostingRow row{sources.front()->row().word, {}, {}};
  while (!open.empty()) {
    const auto least = std::min_element(open.begin(), open.end(), [](const auto& a, const auto& b) {
      return a.cursor.posting().document < b.cursor.posting().document;
    });
    append_document(row.documents, base, least->cursor.posting().document);
    append_counts(row.documents, least->cursor.posting().counts);
    row.places += least->cursor.place_bytes();
    base = least->cursor.posting().document;
    if (!advance(*least)) open.erase(least);
  }
  return row;
}

}  // namespace

class PostingWriter::Implementation {
 public:
  Implementation(Database& database, std::int64_t project_id, std::int64_t base)
      : database_(database), project_id_(project_id), base_(base), batch_(database) {}

  void add(std::int64_t document, std::string_view title, std::string_view body, std::string_view replies) {
    buffer_.add(document, {title, body, replies});
    if (buffer_.bytes() > kMostBuffered) flush();
  }

  void remove(std::int64_t document) {
    for (auto& segment : segments()) {
      const auto found =
          std::lower_bound(segment.documents.begin(), segment.documents.end(), document,
                           [](const DocumentLength& each, std::int64_t number) { return each.document < number; });
      if (found == segment.documents.end() || found->document != document || segment.is_dead(document)) continue;
      segment.removed.push_back(document);
    }
  }

  void remove_all() {
    for (const char* table : {"search_posting", "search_segment"})
      database_.execute(fmt::format("DELETE FROM {} WHERE project_id = :project", table), {{"project", project_id_}});
    segments_.emplace();
  }

  void finish() {
    flush();
    if (!segments_) return;
    for (auto& segment : *segments_) bury(segment);
    merge();
    segments_.reset();
  }

 private:
  std::vector<Segment>& segments() {
    if (segments_) return *segments_;
    segments_.emplace();
    for (const auto rows = database_.query(
             "SELECT segment, documents, dead FROM search_segment WHERE project_id = :project ORDER BY segment",
             {{"project", project_id_}});
         rows->next();)
      segments_->push_back({rows->integer(0),
                            decode_lengths(base_, bytes_of(*rows, 1)),
                            decode_documents(base_, bytes_of(*rows, 2)),
                            {}});
    return *segments_;
  }

  void flush() {
    if (buffer_.is_empty()) return;
    const std::int64_t number = segments().empty() ? 1 : segments().back().number + 1;
    std::vector<DocumentLength> documents =
        buffer_.take(base_, [&](PostingRow row) { batch_.add(project_id_, number, std::move(row)); });
    batch_.flush();
    put_segment({number, std::move(documents), {}, {}});
  }

  void bury(Segment& segment) {
    if (segment.removed.empty()) return;
    segment.dead.insert(segment.dead.end(), segment.removed.begin(), segment.removed.end());
    std::sort(segment.dead.begin(), segment.dead.end());
    segment.dead.erase(std::unique(segment.dead.begin(), segment.dead.end()), segment.dead.end());
    segment.removed.clear();
    database_.execute(
        "UPDATE search_segment SET dead = :dead WHERE project_id = :project AND segment = :segment",
        {{"dead", Blob{encode_documents(base_, segment.dead)}}, {"project", project_id_}, {"segment", segment.number}});
  }

  void put_segment(Segment segment) {
    database_.execute(
        "INSERT INTO search_segment (project_id, segment, documents, dead) VALUES (:project, :segment, :documents, "
        ":dead)",
        {{"project", project_id_},
         {"segment", segment.number},
         {"documents", Blob{encode_lengths(base_, segment.documents)}},
         {"dead", Blob{}}});
    segments().push_back(std::move(segment));
  }

  // From the oldest segment that has become too small for those after it, or is half dead, all into one.
  void merge() {
    std::vector<Segment>& all = segments();
    std::size_t begin = all.size(), after = 0;
    for (std::size_t i = all.size(); i-- > 0; after += all[i].live())
      if (all[i].live() < kGrowth * after || all[i].dead.size() > all[i].live()) begin = i;
    if (begin == all.size()) return;
    const std::vector<Segment> old(all.begin() + static_cast<std::ptrdiff_t>(begin), all.end());
    all.erase(all.begin() + static_cast<std::ptrdiff_t>(begin), all.end());
    const std::int64_t number = old.back().number + 1;
    std::vector<DocumentLength> documents;
    std::vector<SegmentWords> words;
    words.reserve(old.size());
    for (const auto& segment : old) {
      for (const auto& each : segment.documents)
        if (!segment.is_dead(each.document)) documents.push_back(each);
      words.emplace_back(database_, project_id_, segment);
    }
    std::sort(documents.begin(), documents.end(), [](const auto& a, const auto& b) { return a.document < b.document; });
    merge_words(words, number);
    for (const auto& segment : old)
      for (const char* table : {"search_posting", "search_segment"})
        database_.execute(fmt::format("DELETE FROM {} WHERE project_id = :project AND segment = :segment", table),
                          {{"project", project_id_}, {"segment", segment.number}});
    if (!documents.empty()) put_segment({number, std::move(documents), {}, {}});
  }

  void merge_words(std::vector<SegmentWords>& words, std::int64_t number) {
    std::vector<const SegmentWords*> sources;
    for (;;) {
      sources.clear();
      for (const auto& each : words) {
        if (each.is_at_end()) continue;
        const int order = sources.empty() ? -1 : each.row().word.compare(sources.front()->row().word);
        if (order < 0) sources.clear();
        if (order <= 0) sources.push_back(&each);
      }
      if (sources.empty()) break;
      PostingRow row = merged(sources, base_);
      const std::string word = row.word;
      if (!row.documents.empty()) batch_.add(project_id_, number, std::move(row));
      for (auto& each : words)
        if (!each.is_at_end() && each.row().word == word) each.next();
    }
    batch_.flush();
  }

  Database& database_;
  std::int64_t project_id_, base_;
  PostingBatch batch_;
  PostingBuffer buffer_;
  std::optional<std::vector<Segment>> segments_;  // in order of age; read when needed
};

PostingWriter::PostingWriter(Database& database, std::int64_t project_id, std::int64_t base)
    : implementation_(std::make_unique<Implementation>(database, project_id, base)) {}
PostingWriter::~PostingWriter() = default;

void PostingWriter::make_tables(Database& database) {
  const bool is_postgres = database.engine() == "postgresql";
  // Words in order of their bytes, in SQLite as it is.
  const std::string sql = fmt::format(
      "CREATE TABLE search_segment (project_id INTEGER NOT NULL, segment INTEGER NOT NULL, documents BLOB NOT NULL, "
      "dead BLOB NOT NULL, PRIMARY KEY (project_id, segment)) STRICT; CREATE TABLE search_posting (project_id INTEGER "
      "NOT NULL, segment INTEGER NOT NULL, word TEXT {}NOT NULL, documents BLOB NOT NULL, places BLOB NOT NULL, "
      "PRIMARY KEY (project_id, segment, word)) STRICT",
      is_postgres ? "COLLATE \"C\" " : "");
  if (!is_postgres) {
    database.execute_script(sql);
    return;
  }
  // The lists are compact as they are: to compress them again would only take time.
  database.execute_script(to_postgres_schema(sql) +
                          "; ALTER TABLE search_posting ALTER documents SET STORAGE EXTERNAL, ALTER places SET STORAGE "
                          "EXTERNAL; ALTER TABLE search_segment ALTER documents SET STORAGE EXTERNAL");
}

void PostingWriter::add(std::int64_t document, std::string_view title, std::string_view body,
                        std::string_view replies) {
  implementation_->add(document, title, body, replies);
}
void PostingWriter::remove(std::int64_t document) {
  implementation_->remove(document);
}
void PostingWriter::remove_all() {
  implementation_->remove_all();
}
void PostingWriter::finish() {
  implementation_->finish();
}

}  // namespace resident
