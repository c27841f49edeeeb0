// Keeps the texts of the documentation that stands in a clone's newest tree, for the
// search. Only blobs that changed are read; what is gone is removed; what a partial
// clone lacks, or is no text, is kept without one and asked for again at the next sync
// that finds the branch moved. Bounded: 400 kB of a file, 20,000 files and 500 MB in all.
#pragma once

#include <git/repository.hpp>
#include <store/writer.hpp>
#include <string>

namespace resident {

struct DocumentCounts {
  std::size_t kept = 0, cut = 0, binary = 0, too_large = 0, absent = 0;
  std::size_t beyond = 0;  // left out: there are too many
  // What a person should know; empty where all is there.
  std::string sentence() const;
};

// doc_paths: RE2 over paths; empty: there is no documentation. anew: when each was changed last is looked up once more,
// since history has come that was absent before.
DocumentCounts keep_documents(git::Repository& repository, Writer& writer, const std::string& doc_paths, bool anew);

}  // namespace resident
