// A store over several PostgreSQL servers, by engines that exist (docs/guide/stores.md, ADR 24): hash partitions by
// project over postgres_fdw, and Citus. Reads the catalogue of a store's schema, says what of it cannot be spread, and
// makes the statements for the rest.
//
// Over postgres_fdw each partition is a schema on one of the servers and a whole store of its own, which is written to
// and read at its own address; the front is a database without rows, whose tables are made of the partitions, to read
// all projects together. It cannot be written to: postgres_fdw has no INSERT … ON CONFLICT DO UPDATE.
#pragma once

#include <store/database.hpp>
#include <string>
#include <vector>

namespace resident {

struct ServerAddress {
  std::string url;
  std::string host, port, database, user, search_path;  // as libpq reads the URL, with its defaults
};
// Throws Error{usage} for what is no address of a PostgreSQL database, or has a password in it: that would get into
// statements and catalogues.
ServerAddress server_address(const std::string& url);

// What a schema is made of, as far as it matters.
struct StoreShape {
  std::vector<std::string> by_project;              // tables with a project_id, which can be spread
  std::vector<std::string> others;                  // without one: they stay where they are
  std::vector<std::string> unique_without_project;  // "table: index", which no partition can see to alone
  std::vector<std::string> foreign_keys, sequences;
  std::vector<std::string> points_to_projects;  // "table.column": of another project, so perhaps on another server
};
StoreShape store_shape(Database& store);

struct Partition {
  int number = 0;
  std::string server;       // its URL
  std::string schema, url;  // of the store that it is
};
// Dealt out in turn. Throws Error{usage} where there are fewer partitions than servers.
std::vector<Partition> partitions_of(const std::vector<std::string>& servers, int count);

// To run on each partition's server before its tables are made, and then: there a new project gets a number that
// belongs to the partition by PostgreSQL's own hash.
std::string statements_before(const Partition& partition, int count);
std::string statements_after(const Partition& partition, int count);
// To run at the front, which has the schema and no projects.
std::string front_statements(Database& front, const StoreShape& shape, const std::vector<Partition>& partitions);
// To run there then: brings all rows of a store that is on one server.
std::string fill_statements(Database& front, const StoreShape& shape, const std::string& from);
// To run on Citus' coordinator, which has the schema.
std::string citus_statements(Database& store, const StoreShape& shape, const std::vector<std::string>& servers);

}  // namespace resident
