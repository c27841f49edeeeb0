#include "simulate/phrases.hpp"

namespace resident::simulation::phrases {

const List& comments(Comment kind) {
  static const std::vector<List> lists = {
      /* answer */ {"This is expected: `{f}()` takes over the {o}. Pass a copy if you need it afterwards.",
                    "You are looking for `{m}.{o}()`; see the section on {n} in the documentation.",
                    "In short: yes, unless {c}. For more, please ask on the forum.",
                    "Since {v} this is done with the `{o}` parameter."},
      /* ask_information */
      {"Could you provide a self-contained example? I cannot reproduce this with {v}.",
       "Which version of {j} is this, and on which platform?",
       "Thanks for the report. Can you post the full traceback, please?",
       "Does it still happen on main? There were changes to {n} recently.",
       "What does `{n}.{o}` contain at that point?"},
      /* give_information */
      {"Here is the complete output:", "It is {j} {v} on {p}.", "I can reproduce it with this alone: `{m}.{f}(None)`.",
       "Yes, also on main ({h})."},
      /* confirm */
      {"I can reproduce this on {p} with main.", "Confirmed. The {o} is used after it was released in `{f}()`.",
       "Indeed, `{m}/{n}.py` never expected that {c}.", "Good catch! This has been wrong since {u}.",
       "Reproduced. A pull request would be welcome; the place to look at is `{f}()`."},
      /* duplicate */
      {"Duplicate of {i}", "This is the same as {i}, closing. Please follow up there.",
       "Thanks! Already reported as {i}."},
      /* ping */
      {"Friendly ping. Is there anything I can do to move this forward?", "Ping?",
       "It has been a while; could somebody have a look at this, please?", "@reviewers is there any interest in this?"},
      /* thanks */
      {"Thanks!", "Thank you for the quick fix.", "Great, works for me now.", "Thanks for the review!",
       "Nice work, thanks."},
      /* addressed */
      {"I have made the requested changes; please review again.", "Done, please have another look.",
       "Good point, changed.", "Rebased on main and addressed the comments.",
       "I pushed a fix for the {o} case as well."},
      /* question */
      {"Why is the {o} needed here?", "How does this behave when {c}?",
       "What about `{o}`? It has the same problem, I think.", "Is there a reason not to do this in `{w}()`?"},
      /* explain */
      {"Because the {n} may be shared; without the {o} two threads could {w} it at once.",
       "When {c}, the old path is taken. I added a comment.",
       "There was no other way without changing the interface of {o}.",
       "Good question. I think it cannot happen, as the {o} is checked by the caller."},
      /* decline */
      {"I don't think this belongs into {m}. It is easy to do outside, and the {n} is complicated enough.",
       "We discussed this before: it would break everybody who relies on the {o}. Closing.",
       "This works as documented, so I am closing it.", "Not worth the complexity, sorry."},
      /* close_stale */
      {"No answer for a while, so I am closing this. Please reopen if it still happens with {v}.",
       "Closing for lack of information.", "I cannot reproduce this any more with main; closing."},
      /* me_too */
      {"Same here with {v} on {p}.", "+1, we are affected by this too.",
       "Any news on this? We had to work around it by pinning {u}.", "I see this as well, but only if {c}."},
      /* discuss */
      {"I like the idea, but the name `{o}` is taken already.", "What would be the semantics when {c}?",
       "-0 from me: `{w}` on a {n} is rare in practice.",
       "This needs a decision on the {o} first. Perhaps bring it up on the forum?",
       "+1. I would use this in at least {r} places.",
       "The cost for everybody who does not use the {o} should be zero."},
      /* backport_started */
      {"Thanks for the PR 🌮🎉. I'm working now to backport this PR to: {u}.", "Backport in progress."},
      /* reopen */
      {"This is not fixed completely: with {v} it still happens if {c}. Reopening.",
       "The fix had to be reverted, so this is open again."},
      /* close_pull */
      {"Thank you for the pull request, but we decided not to change the {n} in this way.",
       "Closing: the problem was solved differently on main.",
       "This has had conflicts and no activity for a long time; please open a new one if you still want to work on it.",
       "I am rejecting this, as it breaks code that passes a {o}. Thanks all the same."},
      /* fixed */
      {"Fixed on main, will be in the next release.", "This was fixed meanwhile by the rework of {n}.",
       "Works since {h}; closing."},
      /* withdraw */
      {"I have no time to finish this, sorry. Closing.", "Closing in favour of a different approach.",
       "Never mind, I misunderstood how the {o} works."},
      /* ci_failure */
      {"The failure looks related: `test_{m}`.", "CI fails on one platform, can you have a look?",
       "Please fix the lint errors first."},
      /* review_approve */
      {"LGTM", "Looks good to me, thanks!", "LGTM once CI is green.", "", "Nice and small. Thanks for the test.",
       "Good, I'll merge it."},
      /* review_change */
      {"Thanks for the patch! Some changes are needed, see the comments.", "Please add a test for the case that {c}.",
       "The {o} must not be changed before the {n} is locked.",
       "Please add a changelog entry, and keep the lines short.", "I think this breaks `{m}.{o}()`."},
      /* review_note */
      {"", "Some small remarks.", "I only looked at {n}; somebody who knows {o} should have a look too.",
       "Not a full review yet."},
      /* inline_note */
      {"Is this still needed?", "`{o}` may be None here.", "Nit: a better name would be `{w}_{o}`.",
       "Please use the helper in `{m}/{o}.py`.", "This allocates for every {n}; move it out of the loop.",
       "What happens when {c}?", "Missing a check for the {o}.", "Typo."},
      /* inline_reply */
      {"Done.", "Fixed, thanks.", "I would rather keep it: it mirrors `{o}`.", "You are right.", "Moved."},
      /* wrong_place */
      {"This is the issue tracker; for help, please use the forum.",
       "This is a problem of your {o}, not of {m}. Closing."},
      /* superseded */ {"Superseded by a newer version of the dependency."},
      /* welcome */
      {"Welcome, and thanks for the contribution! I have started the tests.",
       "Thanks for the PR. I'll review it in the next days.", "@experts what do you think about the {o}?"}};
  return lists[static_cast<std::size_t>(kind)];
}

}  // namespace resident::simulation::phrases
