#include <fmt/format.h>
#include <fmt/ranges.h>
#include <libpq-fe.h>

#include <algorithm>
#include <base/error.hpp>
#include <base/text.hpp>
#include <memory>
#include <store/distribution.hpp>
#include <store/store_copy.hpp>

namespace resident {

namespace {

std::string literal(std::string_view text) {
  std::string quoted = "'";
  for (const char c : text) quoted += c == '\'' ? std::string("''") : std::string(1, c);
  return quoted + "'";
}

std::string name(std::string_view text) {
  std::string quoted = "\"";
  for (const char c : text) quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
  return quoted + "\"";
}

std::vector<std::string> column(Database& store, std::string_view sql) {
  std::vector<std::string> values;
  for (const auto rows = store.query(sql); rows->next();) values.push_back(rows->string(0));
  return values;
}

// A server and who reads there; the password, if one is needed, is for its owner to add.
std::string foreign_server(const std::string& called, const ServerAddress& at) {
  std::string text = fmt::format(
      "CREATE SERVER {0} FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host {1}, port {2}, dbname {3}, fetch_size "
      "'10000', "
      "batch_size '1000');\nCREATE USER MAPPING FOR CURRENT_USER SERVER {0}",
      called, literal(at.host), literal(at.port), literal(at.database));
  if (!at.user.empty()) text += fmt::format(" OPTIONS (user {})", literal(at.user));
  return text + ";\n";
}

std::string rule_table(int count) {
  return fmt::format("resident_rule.of_{}", count);
}

}  // namespace

ServerAddress server_address(const std::string& url) {
  ServerAddress address{url, "", "", "", "", ""};
  char* problem = nullptr;
  const std::unique_ptr<PQconninfoOption, decltype(&PQconninfoFree)> options(PQconninfoParse(url.c_str(), &problem),
                                                                             &PQconninfoFree);
  const std::unique_ptr<char, decltype(&PQfreemem)> message(problem, &PQfreemem);
  if (!options || url.find("://") == std::string::npos)
    throw Error(ErrorKind::usage, "that is no address of a PostgreSQL database",
                "postgresql://resident@one.example/resident");
  address.host = "localhost", address.port = "5432";
  for (const PQconninfoOption* each = options.get(); each->keyword; ++each) {
    if (!each->val || !*each->val) continue;
    const std::string_view key = each->keyword;
    if (key == "password")
      throw Error(ErrorKind::usage, "an address with a password would get into statements and catalogues",
                  "leave it out; for the program it stands in ~/.pgpass, for the front in its user mappings (the guide "
                  "says how)");
    if (key == "host") address.host = each->val;
    if (key == "port") address.port = each->val;
    if (key == "dbname") address.database = each->val;
    if (key == "user") address.user = each->val;
    if (key == "options")
      if (const std::string text = each->val; text.starts_with("-csearch_path=")) address.search_path = text.substr(14);
  }
  if (address.database.empty()) address.database = address.user;
  return address;
}

StoreShape store_shape(Database& store) {
  if (store.engine() != "postgresql")
    throw Error(ErrorKind::usage, "a store over several servers is PostgreSQL's",
                "name a database, postgresql://…, that has no projects yet");
  StoreShape shape;
  const auto spread = column(store,
                             "SELECT CAST(table_name AS TEXT) FROM information_schema.columns WHERE table_schema = "
                             "current_schema() AND column_name = 'project_id'");
  for (const std::string& table : stored_tables(store))
    (std::find(spread.begin(), spread.end(), table) == spread.end() ? shape.others : shape.by_project).push_back(table);
  constexpr std::string_view kHere = "n.nspname = current_schema()";
  shape.unique_without_project = column(
      store,
      fmt::format("SELECT c.relname || ': ' || x.relname FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class c ON "
                  "c.oid = i.indrelid JOIN pg_catalog.pg_class x ON x.oid = i.indexrelid JOIN "
                  "pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE {} AND i.indisunique AND EXISTS "
                  "(SELECT 1 FROM pg_catalog.pg_attribute a WHERE a.attrelid = c.oid AND a.attname = "
                  "'project_id' AND NOT a.attnum = ANY (i.indkey)) ORDER BY 1",
                  kHere));
  shape.foreign_keys = column(
      store,
      fmt::format("SELECT c.relname || ': ' || k.conname FROM pg_catalog.pg_constraint k JOIN pg_catalog.pg_class "
                  "c ON c.oid = k.conrelid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE {} "
                  "AND k.contype = 'f' ORDER BY 1",
                  kHere));
  shape.sequences = column(store, fmt::format("SELECT CAST(c.relname AS TEXT) FROM pg_catalog.pg_class c JOIN "
                                              "pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE {} AND "
                                              "c.relkind = 'S' ORDER BY 1",
                                              kHere));
  shape.points_to_projects =
      column(store,
             "SELECT table_name || '.' || column_name FROM information_schema.columns WHERE table_schema = "
             "current_schema() AND column_name LIKE '%!_project!_id' ESCAPE '!' ORDER BY 1");
  return shape;
}

std::vector<Partition> partitions_of(const std::vector<std::string>& servers, int count) {
  if (servers.empty() || count < static_cast<int>(servers.size()))
    throw Error(ErrorKind::usage, "each server needs a partition at least",
                "give --server once for each, and no fewer --partitions");
  std::vector<Partition> list;
  for (int number = 0; number < count; ++number) {
    Partition each;
    each.number = number;
    each.server = servers[static_cast<std::size_t>(number) % servers.size()];
    if (!server_address(each.server).search_path.empty())
      throw Error(ErrorKind::usage, "a server's address names a schema already", "leave options= out of it");
    each.schema = fmt::format("part_{}", number);
    each.url = fmt::format("{}{}options=-csearch_path%3D{}", each.server,
                           each.server.find('?') == std::string::npos ? '?' : '&', each.schema);
    list.push_back(std::move(each));
  }
  return list;
}

std::string statements_before(const Partition& partition, int count) {
  return fmt::format(
      "CREATE SCHEMA {0};\nCREATE SCHEMA IF NOT EXISTS resident_rule;\nCREATE TABLE IF NOT EXISTS {1} (project_id "
      "BIGINT "
      "NOT NULL) PARTITION BY HASH (project_id);\n",
      partition.schema, rule_table(count));
}

std::string statements_after(const Partition& partition, int count) {
  return fmt::format(
      "CREATE FUNCTION resident_rule.place_{0}() RETURNS trigger LANGUAGE plpgsql AS $$\nBEGIN\n  WHILE NOT "
      "satisfies_hash_partition(CAST('{1}' AS regclass), {2}, {3}, NEW.project_id) LOOP\n    NEW.project_id := "
      "NEW.project_id + 1;\n  END LOOP;\n  RETURN NEW;\nEND $$;\nCREATE TRIGGER place BEFORE INSERT ON {0}.project FOR "
      "EACH ROW EXECUTE FUNCTION resident_rule.place_{0}();\n",
      partition.schema, rule_table(count), count, partition.number);
}

std::string front_statements(Database& front, const StoreShape& shape, const std::vector<Partition>& partitions) {
  if (front.integer("SELECT count(*) FROM project").value_or(0) > 0)
    throw Error(ErrorKind::usage, "the front has projects of its own",
                "name an empty database as the front, and bring this one's rows with --from");
  std::string text = "CREATE EXTENSION IF NOT EXISTS postgres_fdw;\n";
  std::vector<std::string> servers;
  const auto called = [&](const std::string& server) {
    const auto found = std::find(servers.begin(), servers.end(), server);
    return fmt::format("resident_{}", found - servers.begin() + 1);
  };
  for (const Partition& each : partitions) {
    if (std::find(servers.begin(), servers.end(), each.server) != servers.end()) continue;
    servers.push_back(each.server);
    text += foreign_server(called(each.server), server_address(each.server));
  }
  for (const std::string& table : shape.by_project) {
    text += fmt::format(
        "ALTER TABLE {0} RENAME TO whole_before;\nCREATE TABLE {0} (LIKE whole_before INCLUDING DEFAULTS) PARTITION BY "
        "HASH (project_id);\nDROP TABLE whole_before;\n",
        name(table));
    for (const Partition& each : partitions)
      text += fmt::format(
          "CREATE FOREIGN TABLE {} PARTITION OF {} FOR VALUES WITH (MODULUS {}, REMAINDER {}) SERVER {} OPTIONS "
          "(schema_name {}, table_name {});\n",
          name(fmt::format("{}_{}", table, each.number)), name(table), partitions.size(), each.number,
          called(each.server), literal(each.schema), literal(table));
  }
  // Joins of tables of one project then go to its server whole.
  text += fmt::format(
      "ALTER DATABASE {0} SET enable_partitionwise_join TO on;\nALTER DATABASE {0} SET "
      "default_transaction_read_only TO on;\n",
      name(front.text("SELECT CAST(current_database() AS TEXT)").value_or("")));
  return text;
}

std::string fill_statements(Database& front, const StoreShape& shape, const std::string& from) {
  const ServerAddress at = server_address(from);
  std::string text = foreign_server("resident_from", at);
  text += fmt::format(
      "CREATE SCHEMA resident_from;\nIMPORT FOREIGN SCHEMA {} FROM SERVER resident_from INTO resident_from;\n",
      name(at.search_path.empty() ? "public" : at.search_path));
  for (const std::string& table : shape.by_project) {
    std::vector<std::string> columns;
    for (const auto rows = front.query("SELECT CAST(column_name AS TEXT) FROM information_schema.columns WHERE "
                                       "table_schema = current_schema() AND table_name = :table ORDER BY "
                                       "ordinal_position",
                                       {{"table", table}});
         rows->next();)
      columns.push_back(name(rows->text(0)));
    text += fmt::format("INSERT INTO {0} ({1}) SELECT {1} FROM resident_from.{0};\n", name(table),
                        fmt::join(columns, ", "));
  }
  return text + "DROP SCHEMA resident_from CASCADE;\nDROP SERVER resident_from CASCADE;\n";
}

std::string citus_statements(Database& store, const StoreShape& shape, const std::vector<std::string>& servers) {
  std::string text = "CREATE EXTENSION IF NOT EXISTS citus;\n";
  for (const std::string& server : servers) {
    const ServerAddress at = server_address(server);
    text += fmt::format("SELECT citus_add_node({}, {});\n", literal(at.host), at.port);
  }
  // A unique index without project_id cannot be of a distributed table; such tables are few and small.
  std::string first;
  std::string references, distributed;
  for (const std::string& table : shape.by_project) {
    const bool is_reference = std::any_of(shape.unique_without_project.begin(), shape.unique_without_project.end(),
                                          [&](const std::string& each) { return each.starts_with(table + ": "); });
    if (is_reference) {
      references += fmt::format("SELECT create_reference_table({});\n", literal(table));
      continue;
    }
    distributed += first.empty()
                       ? fmt::format("SELECT create_distributed_table({}, 'project_id');\n", literal(table))
                       : fmt::format("SELECT create_distributed_table({}, 'project_id', colocate_with => {});\n",
                                     literal(table), literal(first));
    if (first.empty()) first = table;
  }
  text += references + distributed;
  for (const std::string& function :
       column(store,
              "SELECT CAST(CAST(p.oid AS regprocedure) AS TEXT) FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace "
              "n ON n.oid = p.pronamespace WHERE n.nspname = current_schema() AND NOT EXISTS (SELECT 1 FROM "
              "pg_catalog.pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e') ORDER BY 1"))
    text += fmt::format("SELECT create_distributed_function({});\n", literal(function));
  return text;
}

}  // namespace resident
