"""The guards of whoever runs the local stack, and the test that misses each. See `table`."""

from __future__ import annotations

from tests.proof.mutants.table import Mutant

_MACHINE = "infra/this_machine.py"
_GATEWAY = "infra/gateway.py"
_PAGES = "tests/browser/test_foreign_pages.py::test"
_ASKED = "tests/infra/test_this_machine.py::test"
_SERVED = "tests/infra/test_gateway.py::test"
_STACK = "tests/infra/test_stack.py::test"

MUTANTS = (
    Mutant(
        "local",
        "something stands before the emulator at all",
        "infra/emulator.py",
        "OnlyThisMachine(NoPages(Saver(emulator.app), origins, bucket_prefix))",
        "Saver(emulator.app)",
        f"{_PAGES}_a_foreign_page_reads_nothing",
    ),
    Mutant(
        "local",
        "a page from elsewhere sends the emulator nothing, not even blindly",
        _MACHINE,
        "by_page = is_browser(headers) and not by_gateway",
        "by_page = False",
        f"{_PAGES}_a_foreign_page_changes_nothing_even_blindly",
    ),
    Mutant(
        "local",
        "another name that leads to this machine is not answered",
        _MACHINE,
        'elif scope["type"] == "http" and not _named_as_here(scope):',
        "elif False:",
        f"{_PAGES}_a_name_pointed_at_the_emulator_reads_and_changes_nothing",
    ),
    Mutant(
        "local",
        "the preview answers to this machine's names only",
        _MACHINE,
        'if _is_here(environ.get("HTTP_HOST", "")):',
        "if True:",
        f"{_ASKED}_the_preview_answers_to_the_same_names",
    ),
    Mutant(
        "local",
        "no page opens a socket",
        _MACHINE,
        'if scope["type"] == "websocket":',
        "if False:",
        f"{_ASKED}_no_page_opens_a_socket",
    ),
    Mutant(
        "local",
        "the emulator's leave for every page to read is taken off its answers",
        _MACHINE,
        "if not pair[0].lower().startswith(_CORS)",
        "if pair",
        f"{_ASKED}_a_program_may_ask_for_anything_and_no_page_may_read_the_answer",
    ),
    Mutant(
        "local",
        "only the site's own pages upload",
        _MACHINE,
        'headers.get("origin") not in self.origins or place is None',
        '"origin" not in headers or place is None',
        f"{_ASKED}_only_the_sites_own_pages_upload_and_only_into_its_buckets",
    ),
    Mutant(
        "local",
        "an upload reaches a bucket and no other service",
        _MACHINE,
        'return form and not query and place["key"] in (None, "/")',
        "return form",
        f"{_ASKED}_only_the_sites_own_pages_upload_and_only_into_its_buckets",
    ),
    Mutant(
        "local",
        "what the gateway passes on reaches the API only",
        _MACHINE,
        '(by_gateway and not is_api(scope["path"])) or ',
        "",
        f"{_ASKED}_what_the_gateway_passes_on_reaches_the_api_only_whoever_asked_it",
    ),
    Mutant(
        "local",
        "no spelling of a step up is passed on",
        _GATEWAY,
        'if not path.startswith(f"/{STAGE}/") or climbs(path):',
        'if not path.startswith(f"/{STAGE}/"):',
        f"{_SERVED}_an_address_is_inside_the_api_or_it_is_none",
    ),
    Mutant(
        "local",
        "a step up is looked for in what is quoted, too",
        _MACHINE,
        "before, path = path, unquote(path)",
        "before = path",
        f"{_SERVED}_no_spelling_of_a_step_up_leaves_the_api",
    ),
    Mutant(
        "local",
        "the address that httpx made is looked at again",
        _GATEWAY,
        "return address if inside and address.netloc == base.netloc else None",
        "return address",
        f"{_SERVED}_what_httpx_folds_out_of_the_api_is_seen_even_if_nobody_saw_it_before",
    ),
    Mutant(
        "local",
        "an address too long for the API's client is refused",
        _GATEWAY,
        "if len(address) > ADDRESS_BYTES:",
        "if False:",
        f"{_SERVED}_an_address_may_have_8_kib_and_not_a_byte_more",
    ),
    Mutant(
        "local",
        "a header the API's client cannot send is refused",
        _GATEWAY,
        'if not all((name + value).isascii() for name, value in scope["headers"]):',
        "if False:",
        f"{_SERVED}_what_cannot_be_read_is_refused_in_words",
    ),
    Mutant(
        "local",
        "a name too long for a file is no page",
        "infra/serving.py",
        "    except OSError:\n        return None\n",
        "    except FileNotFoundError:\n        return None\n",
        f"{_SERVED}_a_name_too_long_for_any_file_is_a_page_that_is_not_there",
    ),
    Mutant(
        "local",
        "a visitor's cookie is not sent with the next visitor's request",
        _GATEWAY,
        "DefaultCookiePolicy(allowed_domains=[])",
        "DefaultCookiePolicy()",
        f"{_SERVED}_the_api_is_sent_what_the_visitor_sent_and_no_cookie_of_another",
    ),
    Mutant(
        "local",
        "a request has to end",
        "infra/connections.py",
        "self._deadline = self.loop.call_later(self.request_seconds, self._too_slow)",
        "pass",
        f"{_SERVED}_a_request_that_does_not_end_is_ended",
    ),
    Mutant(
        "local",
        "rings are made sure of on every start",
        "infra/stack.py",
        "    ensure_rings(stack.env)  # every time",
        "    unchanged or ensure_rings(stack.env)  # every time",
        f"{_STACK}_a_kill_just_after_the_first_deployment_leaves_a_folder_that_starts",
    ),
    Mutant(
        "local",
        "a stack half made is not saved",
        "infra/emulator.py",
        "if self.changed and not deploying():",
        "if self.changed:",
        f"{_STACK}_a_stack_half_made_is_not_saved_until_it_is_made",
    ),
    Mutant(
        "local",
        "a folder is one start's at a time",
        "infra/folder.py",
        "            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)\n",
        "            pass\n",
        "tests/infra/test_start.py::test_a_folder_is_free_again_however_its_holder_ended",
    ),
)
