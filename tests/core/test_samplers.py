from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from genzu.core import samplers
from genzu.core.samplers import Sampler, Schedule
from genzu.errors import UnknownWord

METHODS = [names.comfy for names in samplers._METHODS]


@pytest.mark.parametrize(
    "names",
    [
        ("DPM++ 2M Karras", "dpmpp_2m karras", "dpmpp_2m_k", "DPMSolverMultistep karras"),
        ("Euler a", "euler_ancestral", "euler_a", "EulerAncestralDiscreteScheduler"),
        ("DPM2 a Karras", "dpm_2_ancestral karras", "kdpm_2_a_k", "KDPM2AncestralDiscrete Karras"),
        ("UniPC", "uni_pc", "unipc", "UniPCMultistepScheduler"),
        ("Euler SGM Uniform", "euler sgm_uniform", "EulerDiscreteScheduler sgm uniform", "euler automatic"),
    ],
)
def test_four_programs_names_mean_one_thing(names: tuple[str, ...]) -> None:
    found = [Sampler.parse(name) for name in names]
    assert len({sampler.comfy for sampler in found}) == 1
    if "Automatic" not in names[-1].title():
        assert len(set(found)) == 1


@given(st.sampled_from(METHODS), st.sampled_from(Schedule))
def test_every_name_leads_back(comfy: str, schedule: Schedule) -> None:
    try:
        sampler = Sampler(comfy, schedule)
    except UnknownWord as error:
        assert "leave the word" in error.sentence
        return
    assert Sampler.parse(str(sampler)) == sampler
    assert Sampler.parse(f"{sampler.comfy} {schedule}") == sampler
    if schedule in (Schedule.NORMAL, Schedule.KARRAS):
        assert Sampler.parse(sampler.invoke) == sampler


@pytest.mark.parametrize("text", ["Euler a Karras", "DDIM Beta", "LCM Exponential", "DPM++ SDE SGM Uniform"])
def test_a_spacing_that_a_method_does_not_offer_is_refused(text: str) -> None:
    with pytest.raises(UnknownWord, match="spacing; leave the word"):
        Sampler.parse(text)


def test_options_are_those_that_diffusers_documents() -> None:
    assert Sampler.parse("DPM++ 2M SDE Karras").diffusers() == (
        "DPMSolverMultistepScheduler", {"algorithm_type": "sde-dpmsolver++", "use_karras_sigmas": True},
    )  # fmt: skip
    assert Sampler.parse("Euler Simple").diffusers() == ("EulerDiscreteScheduler", {"timestep_spacing": "trailing"})
    assert Sampler.parse("Euler").diffusers(flow=True) == ("FlowMatchEulerDiscreteScheduler", {})
    with pytest.raises(UnknownWord, match="flow matching; use one of Euler"):
        Sampler.parse("DDIM").diffusers(flow=True)


@pytest.mark.parametrize(("text", "near"), [("Eular a", "Euler a"), ("dpm++2mm", "DPM++ 2M")])
def test_a_slip_is_answered_with_the_near_name(text: str, near: str) -> None:
    with pytest.raises(UnknownWord, match=r"did you mean") as caught:
        Sampler.parse(text)
    assert near in caught.value.sentence


def test_diffusers_has_every_class() -> None:
    diffusers = pytest.importorskip("diffusers", reason="comes with genzu[diffusers]")
    pytest.importorskip("scipy", reason="comes with genzu[diffusers]")
    for comfy in METHODS:
        for schedule in Schedule:
            for flow in (False, True):
                try:
                    name, options = Sampler(comfy, schedule).diffusers(flow=flow)
                except UnknownWord:
                    continue
                made = getattr(diffusers, name).from_config({}, **options)
                assert all(made.config[key] == value for key, value in options.items()), (name, options)
