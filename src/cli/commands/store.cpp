// resident store copy: a store into another, of the same engine or the other one. resident store distribute: a store
// over several PostgreSQL servers.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <base/error.hpp>
#include <base/progress.hpp>
#include <base/text.hpp>
#include <cli/command.hpp>
#include <cli/options.hpp>
#include <filesystem>
#include <store/distribution.hpp>
#include <store/store_copy.hpp>

namespace resident {

namespace {

Result result_of(const std::vector<CopiedTable>& tables, Timestamp now) {
  Result result;
  result.name = "store_copy";
  result.title = "Copied";
  result.question = "Is the copy the same as its source?";
  result.as_of = now;
  result.columns = {{"table", "Table", ColumnType::text},
                    {"rows", "Rows", ColumnType::integer},
                    {"brought", "Brought now", ColumnType::integer, "", "the others were there already, and the same"},
                    {"digest", "Digest", ColumnType::text, "", "the sum of the rows' hashes, the same in both stores"}};
  std::int64_t rows = 0, brought = 0;
  for (const CopiedTable& each : tables) {
    rows += each.digest.n, brought += each.brought;
    if (each.digest.n > 0) result.rows.push_back({each.name, each.digest.n, each.brought, each.digest.text()});
  }
  result.claim = fmt::format(
      "The copy is whole: {} in {}, {} of them brought now; every table's digest is the same in both.",
      plural(rows, "row"), plural(static_cast<long long>(result.rows.size()), "table"), with_thousands(brought));
  result.definition =
      "A digest is the sum of the 128-bit hashes of a table's rows, over each value with its type. The target's are "
      "computed by reading it back.";
  result.notes.push_back("What full-text search keeps is left out: the first search in the copy makes it anew.");
  return result;
}

struct Distribute {
  std::vector<std::string> servers;
  std::string engine = "postgres_fdw";
  std::optional<std::int64_t> partitions;
  std::optional<std::string> from;
  bool dry_run = false, front_only = false;
};

// What stands in the way, for people, as comments before the statements.
std::string in_the_way(const StoreShape& shape, const std::string& engine) {
  const auto list = [](const std::vector<std::string>& names) {
    return names.empty() ? std::string("none") : fmt::format("{}", fmt::join(names, ", "));
  };
  const bool is_citus = engine == "citus";
  return fmt::format(
      "-- {0} tables are spread by their project_id.\n-- Tables without one, which stay at the front: {1}\n-- Foreign "
      "keys: {2}\n-- Sequences: {3}\n-- Unique without project_id, {4}: {5}\n-- Of two projects at once, {6}: {7}\n",
      shape.by_project.size(), list(shape.others), list(shape.foreign_keys), list(shape.sequences),
      is_citus ? "so copied to every node as a reference table" : "so looked after in each partition only",
      list(shape.unique_without_project),
      is_citus ? "whose joins Citus can only do where both are on one node"
               : "so found only where both are in one partition",
      list(shape.points_to_projects));
}

int distribute(const Distribute& asked, const std::string& front_url, std::ostream& out, std::ostream& messages) {
  server_address(front_url);
  const auto front = Database::open(front_url, Access::write);
  const StoreShape shape = store_shape(*front);
  const std::string known = in_the_way(shape, asked.engine);
  if (asked.engine == "citus") {
    if (!asked.dry_run)
      throw Error(ErrorKind::usage, "for Citus the statements are printed, not run",
                  "add --dry-run, and give them to psql");
    out << known << "-- On the coordinator, which has the tables (any command with --db made them):\n"
        << citus_statements(*front, shape, asked.servers);
    return 0;
  }
  const auto partitions = partitions_of(
      asked.servers, static_cast<int>(asked.partitions.value_or(static_cast<std::int64_t>(asked.servers.size()))));
  const int count = static_cast<int>(partitions.size());
  const std::vector<Partition> fresh = asked.front_only ? std::vector<Partition>() : partitions;
  const std::string at_front = front_statements(*front, shape, partitions),
                    fill = asked.from ? fill_statements(*front, shape, *asked.from) : std::string();
  if (asked.dry_run) {
    out << known;
    for (const Partition& each : fresh)
      out << fmt::format("\n-- Partition {}, at {}:\n{}-- its tables: resident status --db '{}'\n{}", each.number,
                         each.server, statements_before(each, count), each.url, statements_after(each, count));
    out << "\n-- At the front:\n" << at_front << fill;
    return 0;
  }
  for (const Partition& each : fresh) {
    messages << fmt::format("partition {} at {}\n", each.number, each.server);
    const auto server = open_postgres(each.server, Access::write);
    server->execute_script(statements_before(each, count));
    Database::open(each.url, Access::write);
    server->execute_script(statements_after(each, count));
  }
  Transaction transaction(*front);
  front->execute_script(at_front);
  if (!fill.empty()) front->execute_script(fill);
  transaction.commit();
  for (const Partition& each : partitions) out << each.url << '\n';
  return 0;
}

int copy(const std::vector<std::string>& places, Invocation& invocation) {
  if (places.size() != 2)
    throw Error(ErrorKind::usage, "store copy takes two stores, from and to",
                "resident store copy resident.db postgresql://resident@db.example/resident");
  const std::string &from = places.front(), &to = places.back();
  std::error_code ignored;
  if (from == to || std::filesystem::equivalent(from, to, ignored))
    throw Error(ErrorKind::usage, "both are the same store", "name another one to copy to");
  const auto source = Database::open(from, Access::read), target = Database::open(to, Access::write);
  Progress progress("tables", 0);
  const auto tables = copy_store(*source, *target, [&](const std::string& table) {
    progress.set_note(table);
    progress.advance();
  });
  progress.finish();
  target->analyze();
  invocation.print({result_of(tables, invocation.clock.now())});
  return 0;
}

std::function<int()> declare_store(OptionSet& app, Invocation& invocation) {
  takes_one_of(
      app.add_option("--format", invocation.format, "How it is printed; a table without it")->type_name("FORMAT"),
      {"table", "csv", "md", "json"});
  app.add_flag("--json{all}", invocation.json, "JSON");
  auto action = std::make_shared<std::string>();
  takes_one_of(app.add_option("action", *action, "copy, distribute")->type_name("ACTION")->required(),
               {"copy", "distribute"});
  auto places = std::make_shared<std::vector<std::string>>();
  app.add_option(
         "stores", *places,
         "copy: the store and where to, files or postgresql://…; distribute: the front, a database without projects")
      ->type_name("STORE");
  auto asked = std::make_shared<Distribute>();
  app.add_option("--server", asked->servers, "distribute: a PostgreSQL database that takes partitions; again for each")
      ->type_name("URL");
  takes_one_of(
      app.add_option("--engine", asked->engine, "distribute: by what; postgres_fdw without it")->type_name("ENGINE"),
      {"postgres_fdw", "citus"});
  app.add_option("--partitions", asked->partitions,
                 "distribute: how many, dealt out to the servers; one each without it")
      ->type_name("N");
  app.add_option("--from", asked->from, "distribute: a store on one server, whose rows are brought in")
      ->type_name("URL");
  app.add_flag("--dry-run", asked->dry_run, "distribute: print the statements, and run none at the servers");
  app.add_flag("--front-only", asked->front_only, "distribute: the partitions are there; make the front anew");
  return [&invocation, action, places, asked]() -> int {
    if (*action == "copy") return copy(*places, invocation);
    if (places->size() != 1 || asked->servers.empty())
      throw Error(ErrorKind::usage, "store distribute takes one store, the front, and --server for each server",
                  "resident store distribute postgresql://front.example/resident --server "
                  "postgresql://one.example/resident --server postgresql://two.example/resident --dry-run");
    if (asked->partitions && (*asked->partitions < 1 || *asked->partitions > 1000))
      throw Error(ErrorKind::usage, "--partitions is from 1 to 1,000", "");
    return distribute(*asked, places->front(), invocation.out, invocation.err);
  };
}

}  // namespace

extern const Command store_command;
const Command store_command{
    "store", "The store itself: copy it to another place or engine, or spread it over servers",
    "Each table is brought with its digest, and read back in the end. A copy that was cut off goes on when the same "
    "command is run again; one that is complete brings only what is new.\n"
    "distribute makes a store of several PostgreSQL servers, hash partitions by project, or prints the statements for "
    "it "
    "(--dry-run) or for Citus.\n"
    "Example: resident store copy resident.db postgresql://resident@db.example/resident",
    declare_store};

}  // namespace resident
