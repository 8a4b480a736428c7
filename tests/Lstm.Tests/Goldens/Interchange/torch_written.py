"""Proves that PyTorch loads the files *.safetensors in the folder Written, which this library wrote, with strict=True, and
writes torch_written.json with what PyTorch computes from them in float32.

Needs PyTorch 1.13 on the CPU (Debian 12's python3-torch). The files are written, and then loaded, by

    dotnet run -c Release --project ../../../Lstm.Fuzz -- write Written
    python3 torch_written.py
"""

import json
import pathlib
import struct

import torch


class Tagger(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.words = torch.nn.Embedding(7, 3)
        self.lstm = torch.nn.LSTM(3, 4, 2, bidirectional=True)
        self.fc = torch.nn.Linear(8, 5)

    def forward(self, x):
        return self.fc(self.lstm(self.words(x.long().squeeze(2)))[0])


MODULES = {
    "lstm": torch.nn.LSTM(3, 4),
    "stack": torch.nn.LSTM(3, 4, 2),
    "both": torch.nn.LSTM(3, 4, bidirectional=True),
    "stack_both_projection": torch.nn.LSTM(3, 4, 2, bidirectional=True, proj_size=2),
    "no_bias": torch.nn.LSTM(3, 4, bias=False),
    "gru": torch.nn.GRU(3, 4, 2, bidirectional=True),
    "rnn": torch.nn.RNN(3, 4, nonlinearity="relu"),
    "tagger": Tagger(),
}


def read(path):
    """A safetensors file, by the format's documentation."""
    data = path.read_bytes()
    (length,) = struct.unpack("<Q", data[:8])
    header = json.loads(data[8 : 8 + length])
    header.pop("__metadata__", None)
    tensors = {}
    for name, info in header.items():
        assert info["dtype"] == "F32"
        begin, end = info["data_offsets"]
        values = torch.frombuffer(bytearray(data[8 + length + begin : 8 + length + end]), dtype=torch.float32)
        tensors[name] = values.reshape(info["shape"])
    return tensors


if __name__ == "__main__":
    folder = pathlib.Path("Written")
    inputs = read(folder / "inputs.safetensors")
    outputs = {}
    assert sorted(inputs) == sorted(MODULES) == sorted(path.stem for path in folder.iterdir() if path.stem != "inputs")
    for name, module in MODULES.items():
        print(name, module.load_state_dict(read(folder / f"{name}.safetensors"), strict=True))
        output = module(inputs[name])
        outputs[name] = (output if torch.is_tensor(output) else output[0]).reshape(-1).tolist()
    with open("torch_written.json", "w", encoding="utf-8") as file:
        json.dump(outputs, file)
        file.write("\n")
