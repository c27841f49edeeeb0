#include <fmt/format.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>
#include <array>
#include <base/error.hpp>
#include <base/text.hpp>
#include <sources/github/webhooks.hpp>
#include <sources/json/json_reader.hpp>
#include <unordered_set>

namespace resident::github {

namespace {

constexpr std::string_view kPrefix = "sha256=";
constexpr std::size_t kLongestId = 100, kLongestName = 60;
constexpr std::size_t kMostItems = 100;                 // of one delivery
constexpr std::int64_t kLargestNumber = 2'147'483'647;  // GraphQL's integers end there

// Events that change nothing of what is kept.
bool is_of_no_use(std::string_view event) {
  static const std::set<std::string_view> list{"ping",
                                               "star",
                                               "watch",
                                               "fork",
                                               "gollum",
                                               "public",
                                               "member",
                                               "membership",
                                               "organization",
                                               "team",
                                               "team_add",
                                               "sponsorship",
                                               "page_build",
                                               "meta",
                                               "installation",
                                               "installation_repositories",
                                               "github_app_authorization",
                                               "deploy_key",
                                               "package",
                                               "marketplace_purchase",
                                               "org_block"};
  return list.contains(event);
}

}  // namespace

std::string signature_of(std::string_view secret, std::string_view body) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned length = 0;
  if (!HMAC(EVP_sha256(), secret.data(), static_cast<int>(secret.size()),
            reinterpret_cast<const unsigned char*>(body.data()), body.size(), digest.data(), &length))
    throw Error("the signature cannot be computed");
  std::string text(kPrefix);
  for (unsigned i = 0; i < length; ++i) text += fmt::format("{:02x}", digest[i]);
  return text;
}

bool is_signed(std::string_view secret, std::string_view body, std::string_view header) {
  if (secret.empty()) return false;
  const std::string wanted = signature_of(secret, body);
  return header.size() == wanted.size() && CRYPTO_memcmp(header.data(), wanted.data(), wanted.size()) == 0;
}

Delivery read_delivery(const std::string& id, const std::string& event, std::string_view body) {
  const auto is_plain = [](const std::string& text, std::size_t most) {
    return !text.empty() && text.size() <= most &&
           text.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-") ==
               std::string::npos;
  };
  if (!is_plain(id, kLongestId)) throw Error("a delivery without a proper X-GitHub-Delivery");
  if (!is_plain(event, kLongestName)) throw Error("a delivery without a proper X-GitHub-Event");
  if (body.starts_with("payload=")) throw Error("a form, not JSON: set the webhook's content type to application/json");
  json::Parser parser(kLargestDelivery + 64);
  const json::Object payload(json::parse(parser, body), "payload");
  Delivery delivery{id, event, one_line(clean_text(payload.text("action"), kLongestName)), {}, {}};
  const auto speaks_of = [&](std::optional<std::int64_t> number) {
    if (!number) return;
    if (*number < 1 || *number > kLargestNumber) throw Error("a number that no issue or pull request can have");
    if (std::find(delivery.numbers.begin(), delivery.numbers.end(), *number) == delivery.numbers.end() &&
        delivery.numbers.size() < kMostItems)
      delivery.numbers.push_back(*number);
  };
  for (const char* key : {"issue", "pull_request"})
    if (const auto item = payload.object(key)) speaks_of(item->integer("number"));
  if (delivery.numbers.empty()) speaks_of(payload.integer("number"));
  // Checks name the pull requests they are of: all that have the commit as their head.
  const bool is_of_one = !delivery.numbers.empty();
  for (const char* key : {"check_run", "check_suite", "workflow_run"}) {
    const auto run = payload.object(key);
    const auto pulls = run ? run->array("pull_requests") : std::nullopt;
    if (!pulls || is_of_one) continue;
    for (const json::Element pull : *pulls) speaks_of(json::Object(pull, "pull_request").integer("number"));
  }
  if (is_of_no_use(event)) {
    delivery.ignored = "nothing of it is kept";
  } else if (delivery.numbers.empty()) {
    delivery.ignored = "it speaks of no issue or pull request; the next sync reads it";
  }
  return delivery;
}

namespace {

constexpr std::size_t kAskedAtOnce = 200;

// Which of the deliveries are in the store already.
std::unordered_set<std::string> known_deliveries(Database& database, std::int64_t project_id,
                                                 const std::vector<Delivery>& deliveries) {
  std::unordered_set<std::string> known;
  std::vector<std::string> names;  // of parameters, which refer to them
  for (std::size_t i = 0; i < kAskedAtOnce; ++i) names.push_back(fmt::format("id{}", i));
  for (std::size_t begin = 0; begin < deliveries.size(); begin += kAskedAtOnce) {
    Parameters parameters{{"project", project_id}};
    std::string list;
    for (std::size_t i = begin; i < std::min(deliveries.size(), begin + kAskedAtOnce); ++i) {
      const std::string& name = names[i - begin];
      list += (list.empty() ? ":" : ", :") + name;
      parameters.emplace_back(name, deliveries[i].id);
    }
    for (const auto rows = database.query(
             fmt::format("SELECT delivery_id FROM webhook_delivery WHERE project_id = :project AND delivery_id IN ({})",
                         list),
             parameters);
         rows->next();)
      known.insert(rows->string(0));
  }
  return known;
}

}  // namespace

std::int64_t keep_deliveries(Database& database, std::int64_t project_id, const std::vector<Delivery>& deliveries,
                             Timestamp now) {
  if (deliveries.empty()) return 0;
  std::int64_t kept = 0;
  Transaction transaction(database);
  std::unordered_set<std::string> known = known_deliveries(database, project_id, deliveries);
  std::vector<std::vector<Value>> rows;
  for (const auto& delivery : deliveries) {
    if (!known.insert(delivery.id).second) continue;
    const auto add = [&](const std::string& id, Value number) {
      rows.push_back({project_id, id, delivery.event, text_or_null(delivery.action), std::move(number), now,
                      std::string(delivery.ignored.empty() ? "queued" : "ignored"), text_or_null(delivery.ignored)});
    };
    // Each item is read, and done with, by itself. A forge's id has no '/'.
    bool is_first = true;
    for (const auto number : delivery.numbers) {
      add(is_first ? delivery.id : fmt::format("{}/{}", delivery.id, number), number);
      is_first = false;
    }
    if (is_first) add(delivery.id, Value());
    ++kept;
  }
  database.insert({"webhook_delivery",
                   {"project_id", "delivery_id", "event", "action", "number", "received_at", "state", "reason"},
                   {"project_id", "delivery_id"},
                   OnConflict::ignore},
                  rows);
  transaction.commit();
  return kept;
}

std::vector<std::int64_t> waiting_items(Database& database, std::int64_t project_id, std::size_t most) {
  std::vector<std::int64_t> items;
  for (const auto rows =
           database.query("SELECT number FROM webhook_delivery WHERE project_id = :project AND state IN ('queued', "
                          "'reading') GROUP BY number ORDER BY min(received_at), number LIMIT :most",
                          {{"project", project_id}, {"most", static_cast<std::int64_t>(most)}});
       rows->next();)
    items.push_back(rows->integer(0));
  return items;
}

namespace {

void change_state(Database& database, std::int64_t project_id, const std::vector<std::int64_t>& items, const char* from,
                  const char* to) {
  Transaction transaction(database);
  for (const auto number : items)
    database.execute(
        "UPDATE webhook_delivery SET state = :to WHERE project_id = :project AND state = :from AND number = :number",
        {{"project", project_id}, {"number", number}, {"from", std::string(from)}, {"to", std::string(to)}});
  transaction.commit();
}

}  // namespace

void begin_reading(Database& database, std::int64_t project_id, const std::vector<std::int64_t>& items) {
  change_state(database, project_id, items, "queued", "reading");
}

void settle_deliveries(Database& database, std::int64_t project_id, const std::vector<std::int64_t>& items) {
  change_state(database, project_id, items, "reading", "applied");
}

std::int64_t forget_deliveries(Database& database, std::int64_t project_id, Timestamp before, std::int64_t most) {
  std::vector<std::string> old;
  for (const auto rows = database.query("SELECT delivery_id FROM webhook_delivery WHERE project_id = :project AND "
                                        "state IN ('applied', 'ignored') AND received_at < :before LIMIT :most",
                                        {{"project", project_id}, {"before", before}, {"most", most}});
       rows->next();)
    old.push_back(rows->string(0));
  if (old.empty()) return 0;
  Transaction transaction(database);
  for (const auto& id : old)
    database.execute("DELETE FROM webhook_delivery WHERE project_id = :project AND delivery_id = :id",
                     {{"project", project_id}, {"id", id}});
  transaction.commit();
  return static_cast<std::int64_t>(old.size());
}

}  // namespace resident::github
