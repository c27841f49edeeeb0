#include <fmt/format.h>

#include <algorithm>
#include <analyses/search/index.hpp>
#include <analyses/search/index_tables.hpp>
#include <analyses/search/posting_writer.hpp>
#include <analyses/search/words.hpp>
#include <base/error.hpp>
#include <base/progress.hpp>
#include <base/text.hpp>
#include <map>
#include <unordered_map>

namespace resident {

namespace {

constexpr std::int64_t kKindSpan = std::int64_t{1} << 36;     // document numbers of one kind
constexpr std::int64_t kProjectSpan = std::int64_t{1} << 40;  // and of one project
constexpr std::size_t kLongestReplies = 200'000;              // bytes of one item's comments
constexpr std::int64_t kManyDocuments = 1000;                 // written at once: the planner is told
constexpr std::size_t kRowValues = 30'000;                    // of rows written at once
constexpr std::size_t kFewChanges = 300;                      // read one by one; more: in one pass

struct Document {
  std::string kind, key;
  Timestamp at = 0;
  std::string signature;
  std::string title, body, replies;
};

class Indexer {
 public:
  Indexer(Database& database, std::int64_t project_id) : database_(database), project_id_(project_id) {
    if (uses_postings(database))
      postings_ = std::make_unique<PostingWriter>(database, project_id, document_range(project_id).first - 1);
  }

  std::int64_t run() {
    if (known_version() == version()) return 0;
    make_index_tables(database_);
    // Before anything is read, so that nobody else writes what this one would.
    begin_transaction();
    if (postings_) lock_index(database_, project_id_);
    // Another process may have been faster.
    const std::string known = known_version(), now = version();
    if (known == now) {
      finish_transaction();
      return 0;
    }
    if (!known.empty() && !known.starts_with(index_form(database_))) remove_all();
    read_known();
    items();
    threads();
    commits();
    documentation();
    flush_rows();
    remove_gone();
    if (postings_) postings_->finish();
    database_.execute(
        "INSERT INTO search_state (project_id, version) VALUES (:project, :version) ON CONFLICT "
        "(project_id) DO UPDATE SET version = excluded.version",
        {{"project", project_id_}, {"version", now}});
    finish_transaction();
    // Until it knows these tables PostgreSQL may choose a way that takes a minute.
    if (written_ > kManyDocuments && postings_)
      database_.execute_script("ANALYZE search_document; ANALYZE search_posting; ANALYZE search_segment");
    return written_;
  }

 private:
  Parameters project() const { return {{"project", project_id_}}; }

  std::string known_version() const {
    return database_.text("SELECT version FROM search_state WHERE project_id = :project", project()).value_or("");
  }

  // Its form, and what tells that any source brought something since.
  std::string version() const {
    std::string state;
    for (const auto rows = database_.query(
             "SELECT source_id, synced_at, cursor FROM source WHERE project_id = :project ORDER BY source_id",
             project());
         rows->next();)
      state += fmt::format("{} {} {}\n", rows->integer(0), rows->integer(1), rows->text(2));
    return std::string(index_form(database_)) + fingerprint(state);
  }

  void read_known() {
    for (const std::string_view kind : kSearchKinds) next_[kind] = document_range(project_id_, kind).first;
    for (const auto rows = database_.query(
             "SELECT kind, parent_key, document_id, signature FROM search_document WHERE project_id = :project",
             project());
         rows->next();) {
      known_[rows->string(0) + "\n" + rows->string(1)] = {rows->integer(2), rows->string(3), false};
      auto& next = next_.at(rows->text(0));
      next = std::max(next, rows->integer(2) + 1);
    }
  }

  bool is_changed(const Document& document) {
    const auto found = known_.find(document.kind + "\n" + document.key);
    if (found == known_.end()) return true;
    found->second.is_there = true;
    return found->second.signature != document.signature;
  }

  void items() {
    std::vector<std::pair<std::int64_t, Document>> changed;
    for (const auto rows = database_.query(
             "SELECT i.item_id, i.kind, i.created_at, COALESCE(i.updated_at, 0), i.title, COALESCE(c.n, 0), "
             "COALESCE(c.newest, 0), COALESCE(r.n, 0), i.number FROM item i LEFT JOIN (SELECT item_id, count(*) AS n, "
             "max(COALESCE(updated_at, created_at)) AS newest FROM comment WHERE project_id = :project GROUP BY "
             "item_id) c "
             "ON c.item_id = i.item_id LEFT JOIN (SELECT item_id, count(*) AS n FROM review WHERE project_id = "
             ":project "
             "GROUP BY item_id) r ON r.item_id = i.item_id WHERE i.project_id = :project ORDER BY i.item_id",
             project());
         rows->next();) {
      Document document;
      document.kind = rows->string(1);
      document.key = std::to_string(rows->integer(0));
      document.at = rows->integer(2);
      document.title = rows->string(4);
      document.signature = fmt::format("{}/{}/{}/{}/{}", rows->integer(3), rows->integer(5), rows->integer(6),
                                       rows->integer(7), document.title.size());
      // Its own number is a word of its title: "#12" finds the item, too.
      document.title += fmt::format(" #{}", rows->integer(8));
      if (is_changed(document)) changed.emplace_back(rows->integer(0), std::move(document));
    }
    Progress progress("indexing", changed.size());
    if (changed.size() <= kFewChanges) {
      for (auto& [id, document] : changed) {
        Parameters parameters = project();
        parameters.emplace_back("item", id);
        fill(document, "AND item_id = :item ", parameters);
        write(document);
        progress.advance();
      }
      return;
    }
    read_in_one_pass(changed, progress);
  }

  void fill(Document& document, const std::string& which, const Parameters& parameters) {
    document.body =
        database_.text("SELECT body FROM item WHERE project_id = :project " + which, parameters).value_or("");
    for (const char* table : {"comment", "review"})
      for (const auto rows = database_.query(
               fmt::format("SELECT body FROM {} WHERE project_id = :project {}AND body IS NOT NULL", table, which),
               parameters);
           rows->next();)
        append(document.replies, rows->text(0));
  }

  static void append(std::string& replies, std::string_view text) {
    if (replies.size() < kLongestReplies) replies.append(text).append("\n\n");
  }

  // Three tables in order of the item, side by side.
  void read_in_one_pass(std::vector<std::pair<std::int64_t, Document>>& changed, Progress& progress) {
    const auto open = [&](const char* table, const char* more) {
      return database_.query(
          fmt::format("SELECT item_id, body FROM {} WHERE project_id = :project {}ORDER BY item_id", table, more),
          project());
    };
    // A query is read whole while others run only where each has its own statement, as here.
    const std::unique_ptr<Rows> streams[] = {open("item", ""), open("comment", "AND body IS NOT NULL "),
                                             open("review", "AND body IS NOT NULL ")};
    bool has_row[3];
    for (int i = 0; i < 3; ++i) has_row[i] = streams[i]->next();
    std::vector<Document> batch;
    for (auto& [id, document] : changed) {
      for (int i = 0; i < 3; ++i) {
        for (; has_row[i] && streams[i]->integer(0) <= id; has_row[i] = streams[i]->next()) {
          if (streams[i]->integer(0) < id) continue;
          if (i == 0) {
            document.body = streams[i]->string(1);
          } else {
            append(document.replies, streams[i]->text(1));
          }
        }
      }
      write(document);
      document = {};
      progress.advance();
    }
  }

  void threads() {
    for (const auto rows = database_.query(
             "SELECT t.thread_key, t.created_at, t.title, count(*), max(COALESCE(p.updated_at, p.created_at)) FROM "
             "thread t "
             "LEFT JOIN post p ON p.project_id = t.project_id AND p.thread_key = t.thread_key WHERE t.project_id = "
             ":project GROUP BY t.thread_key, t.created_at, t.title",
             project());
         rows->next();) {
      Document document;
      document.kind = "thread";
      document.key = rows->string(0);
      document.at = rows->integer(1);
      document.title = rows->string(2);
      document.signature = fmt::format("{}/{}/{}", rows->integer(3), rows->integer(4), document.title.size());
      if (is_changed(document)) waiting_.push_back(std::move(document));
    }
    for (auto& document : waiting_) {
      Parameters parameters = project();
      parameters.emplace_back("thread", document.key);
      for (const auto posts =
               database_.query("SELECT position, body FROM post WHERE project_id = :project AND thread_key = "
                               ":thread ORDER BY position",
                               parameters);
           posts->next();) {
        if (posts->integer(0) == 0) {
          document.body = posts->string(1);
        } else {
          append(document.replies, posts->text(1));
        }
      }
      write(document);
    }
    waiting_.clear();
  }

  void commits() {
    for (const auto rows = database_.query("SELECT sha, committed_at, subject, body FROM git_commit WHERE project_id = "
                                           ":project AND in_history = 1 ORDER BY "
                                           "commit_id",
                                           project());
         rows->next();) {
      Document document;
      document.kind = "commit";
      document.key = rows->string(0);
      document.at = rows->integer(1);
      document.signature = "1";  // a commit never changes
      if (!is_changed(document)) continue;
      document.title = rows->string(2);
      document.body = rows->string(3);
      waiting_.push_back(std::move(document));
      if (waiting_.size() >= 5000) flush_waiting();
    }
    flush_waiting();
  }

  // A file counts from the change that made it what it is.
  void documentation() {
    std::vector<Document> changed;
    for (const auto rows = database_.query(
             "SELECT d.source_id, d.path_id, p.path, d.blob, d.changed_at FROM doc_file d JOIN path p ON p.project_id "
             "= d.project_id AND p.path_id = d.path_id WHERE d.project_id = :project AND d.body IS NOT NULL ORDER BY "
             "p.path, d.source_id",
             project());
         rows->next();) {
      Document document;
      document.kind = "doc";
      document.key = fmt::format("{}:{}", rows->integer(0), rows->integer(1));
      document.at = rows->integer(4);
      document.title = rows->string(2);
      document.signature = fmt::format("{}/{}", rows->text(3), document.at);
      if (is_changed(document)) changed.push_back(std::move(document));
    }
    Progress progress("indexing documentation", changed.size());
    for (auto& document : changed) {
      Parameters parameters = project();
      parameters.emplace_back("source", std::stoll(document.key));
      parameters.emplace_back("path", std::stoll(document.key.substr(document.key.find(':') + 1)));
      document.body = database_
                          .text(
                              "SELECT body FROM doc_file WHERE project_id = :project AND source_id = :source AND "
                              "path_id = :path",
                              parameters)
                          .value_or("");
      write(document);
      document = {};
      progress.advance();
    }
  }

  void flush_waiting() {
    for (const auto& document : waiting_) write(document);
    waiting_.clear();
  }

  void begin_transaction() {
    if (open_) return;
    database_.begin();
    open_ = true;
  }
  void finish_transaction() {
    if (!open_) return;
    database_.commit();
    open_ = false;
  }

  void remove(std::int64_t document) {
    if (postings_) {
      postings_->remove(document);
    } else {
      database_.execute("DELETE FROM search_words WHERE rowid = :document", {{"document", document}});
    }
  }

  void write(const Document& document) {
    begin_transaction();
    const auto found = known_.find(document.kind + "\n" + document.key);
    const bool is_new = found == known_.end();
    const std::int64_t id = is_new ? next_.at(document.kind)++ : found->second.document;
    if (!is_new) remove(id);
    rows_.insert(rows_.end(), {project_id_, id, document.kind, document.key, document.at, document.signature});
    if (rows_.size() >= kRowValues) flush_rows();
    if (postings_) {
      postings_->add(id, document.title, document.body, document.replies);
    } else {
      database_.execute(
          "INSERT INTO search_words (rowid, title, body, replies) VALUES (:document, :title, :body, :replies)",
          {{"document", id},
           {"title", words_text(document.title)},
           {"body", words_text(document.body)},
           {"replies", words_text(document.replies)}});
    }
    ++written_;
  }

  void flush_rows() {
    database_.insert_values({"search_document",
                             {"project_id", "document_id", "kind", "parent_key", "at", "signature"},
                             {"project_id", "document_id"}},
                            rows_);
    rows_.clear();
  }

  void remove_all() {
    begin_transaction();
    const auto [from, to] = document_range(project_id_);
    if (postings_) {
      postings_->remove_all();
    } else {
      database_.execute("DELETE FROM search_words WHERE rowid >= :from AND rowid < :to", {{"from", from}, {"to", to}});
    }
    database_.execute("DELETE FROM search_document WHERE project_id = :project", project());
  }

  void remove_gone() {
    begin_transaction();
    for (const auto& [key, known] : known_) {
      if (known.is_there) continue;
      remove(known.document);
      database_.execute("DELETE FROM search_document WHERE project_id = :project AND document_id = :document",
                        {{"project", project_id_}, {"document", known.document}});
    }
  }

  struct Known {
    std::int64_t document;
    std::string signature;
    bool is_there;
  };
  Database& database_;
  std::int64_t project_id_;
  std::unique_ptr<PostingWriter> postings_;  // on PostgreSQL
  std::unordered_map<std::string, Known> known_;
  std::vector<Document> waiting_;
  std::map<std::string_view, std::int64_t> next_;  // by kind
  std::vector<Value> rows_;                        // of search_document, to be written
  std::int64_t written_ = 0;
  bool open_ = false;
};

}  // namespace

std::pair<std::int64_t, std::int64_t> document_range(std::int64_t project_id, std::string_view kind) {
  const std::int64_t first = project_id * kProjectSpan;
  if (kind.empty()) return {first, first + kProjectSpan};
  const auto place = std::find(kSearchKinds.begin(), kSearchKinds.end(), kind) - kSearchKinds.begin();
  return {first + place * kKindSpan, first + (place + 1) * kKindSpan};
}

std::int64_t update_search_index(Database& database, std::int64_t project_id) {
  Indexer indexer(database, project_id);
  try {
    return indexer.run();
  } catch (...) {
    database.rollback();
    throw;
  }
}

void remove_search_index(Database& database, std::int64_t project_id) {
  // Lists of postings go with the project's other tables.
  if (uses_postings(database) ||
      !database.integer("SELECT 1 FROM search_state WHERE project_id = :project", {{"project", project_id}}))
    return;
  const auto [from, to] = document_range(project_id);
  database.execute("DELETE FROM search_words WHERE rowid >= :from AND rowid < :to", {{"from", from}, {"to", to}});
}

void renew_search_index(Database& database, std::int64_t project_id) {
  const auto known =
      database.text("SELECT version FROM search_state WHERE project_id = :project", {{"project", project_id}});
  if (!known || known->starts_with(index_form(database))) return;
  try {
    const auto writer = database.open_writer();
    update_search_index(writer ? *writer : database, project_id);
  } catch (const Error&) {
    // FTS5 answers from what an earlier program wrote where the store cannot be written to; lists of an earlier form
    // cannot be read.
    if (uses_postings(database)) throw;
  }
}

}  // namespace resident
