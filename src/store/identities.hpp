// Who is who. People have many e-mails and accounts; each link between two
// identities stands in an append-only ledger with its evidence, and people are
// computed from it, so that any merge can be undone exactly. Nothing is ever
// merged on a name alone.
//
// Evidence that rules give: same-email, noreply (the forge's address with the
// account's id or login), login (an archive that names logins without ids),
// mailmap (a clone's, as git reads it), pull-author (one e-mail wrote all commits of
// several pull requests of one account, and of nobody else's). What a rule no longer
// says, since the data has changed, is retracted by an entry of its own: so people do
// not depend on the order in which things came, nor on where a sync stopped. What users
// merged, split and retracted stays.
//
// A bot's name says something of the one account or spelling that bears it. Whether a
// whole person is a bot: by not_bots and bots; else, where there are accounts, none of
// them may be one without a bot's name or with reviews that decide; else by the names
// in git.
#pragma once

#include <config/config.hpp>
#include <optional>
#include <store/database.hpp>
#include <string>
#include <vector>

namespace resident {

// Brings the ledger to what the rules find now and computes people and bots anew.
// 100,000 identities take less than a second.
void resolve_identities(Database& database, std::int64_t project_id, const BotRules& bots = {});
// The same inside a transaction that is open already.
void compute_people_in(Database& database, std::int64_t project_id, const BotRules& bots);
// Whether the people in the store were computed by these settings and this program's rules.
bool are_people_current(Database& database, std::int64_t project_id, const BotRules& bots);
// Whether rows were written since that may say something else of who is who (people_due).
bool are_people_due(Database& database, std::int64_t project_id);
// Grows whenever somebody who was known is another person than before, a bot, or no bot any more. 0: nobody is known.
std::int64_t people_revision(Database& database, std::int64_t project_id);

// Appends to the ledger what a user decided, and computes people anew. The second
// person (and all their identities) becomes part of the first.
void merge_people(Database& database, std::int64_t project_id, std::int64_t person_a, std::int64_t person_b,
                  Timestamp now, const BotRules& bots);
// Takes one identity out of its person, for good: only a later merge by a user brings it back.
void split_identity(Database& database, std::int64_t project_id, std::int64_t identity_id, Timestamp now,
                    const BotRules& bots);
// Takes one link of the ledger back.
void retract_link(Database& database, std::int64_t project_id, std::int64_t link_id, Timestamp now,
                  const BotRules& bots);

// The person a user means: by login, name (if only one has it), or "person:12" / "identity:7".
// Throws Error with the nearest names.
std::int64_t find_person(Database& database, std::int64_t project_id, const std::string& text);

}  // namespace resident
