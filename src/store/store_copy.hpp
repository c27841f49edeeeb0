// Copies a store into another, of the same engine or the other one: SQLite to PostgreSQL and back. Each table of each
// project is brought in one transaction, with its number of rows and their digest; so a copy that is cut off at any
// point goes on where it was, and one that is made again brings only what differs. The source is read as of one moment,
// whatever is written to it meanwhile. In the end the target is read back, and its digests are compared.
//
// A digest is the sum of the rows' hashes (XXH3, 128 bits, over each value with its type), so it does not depend on
// their order, and is the same on both engines.
//
// What full-text search keeps is in a form of the engine's own: it is left out, and made anew by the first search.
#pragma once

#include <cstdint>
#include <functional>
#include <store/database.hpp>
#include <string>
#include <vector>

namespace resident {

// All tables of a store, of its program and its indexes: not those that the engine keeps for itself.
std::vector<std::string> stored_tables(Database& database);

struct TableDigest {
  std::int64_t n = 0;
  std::uint64_t low = 0, high = 0;  // the sum, modulo 2^128 by halves
  bool operator==(const TableDigest&) const = default;
  void add(const TableDigest& other) { n += other.n, low += other.low, high += other.high; }
  std::string text() const;  // 32 hexadecimal digits
};

struct CopiedTable {
  std::string name;
  TableDigest digest;        // of the whole table, as the target has it
  std::int64_t brought = 0;  // rows that this run brought
};

// Throws Error, naming the table, where the target is a store of its own (usage), was written to by somebody else since
// it was copied, or differs in the end. each: is told of every table before it is looked at.
std::vector<CopiedTable> copy_store(Database& from, Database& to,
                                    const std::function<void(const std::string& table)>& each = {});

}  // namespace resident
