#include <fmt/format.h>

#include <analyses/search/index_tables.hpp>
#include <analyses/search/posting_writer.hpp>
#include <analyses/search/words.hpp>

namespace resident {

namespace {

constexpr std::int64_t kIndexLock = 5723014;  // beside those of the store's migrations

}  // namespace

bool uses_postings(Database& database) {
  return database.engine() == "postgresql";
}

std::string_view index_form(Database& database) {
  return uses_postings(database) ? "4 " : "3 ";
}

// On PostgreSQL, which waits for others at their tables, nothing is touched that is there.
void make_index_tables(Database& database) {
  constexpr const char* kByTime =
      "CREATE INDEX IF NOT EXISTS search_document_by_time ON search_document (project_id, at)";
  if (!uses_postings(database)) {
    database.execute_script(kByTime);
    const std::string tokenizer = fmt::format("ascii tokenchars '{}'", kTokenSigns);
    // One that an earlier program made takes other signs for parts of words; the words of all projects go with it, and
    // each is indexed anew by its next search, as its form is the earlier one, too.
    if (const auto made = database.text("SELECT sql FROM sqlite_master WHERE name = 'search_words'");
        made && made->find(tokenizer) == std::string::npos)
      database.execute_script("DROP TABLE search_words");
    database.execute_script(fmt::format(
        "CREATE VIRTUAL TABLE IF NOT EXISTS search_words USING fts5(title, body, replies, tokenize = \"{}\")",
        tokenizer));
    return;
  }
  // Read from the catalog: to_regclass would answer from a cache that has not heard of what others made while this
  // waited for the lock.
  const auto is_there = [&] {
    return database.integer(
        "SELECT 1 FROM pg_catalog.pg_tables WHERE tablename = 'search_posting' AND schemaname = ANY "
        "(current_schemas(false))");
  };
  if (is_there()) return;
  Transaction transaction(database);
  database.execute("SELECT pg_advisory_xact_lock(:lock)", {{"lock", kIndexLock}});
  if (is_there()) return;
  database.execute_script(kByTime);
  database.execute_script("DROP TABLE IF EXISTS search_words");  // of an earlier form
  PostingWriter::make_tables(database);
  transaction.commit();
}

void lock_index(Database& database, std::int64_t project_id) {
  database.execute("SELECT pg_advisory_xact_lock(:lock)", {{"lock", kIndexLock + project_id}});
}

}  // namespace resident
