"""What people in the demo company are called, as in any large Dutch company."""

_WOMEN = """
Aaltje Amina Anna Annelies Anouk Ashna Asma Ayşe Bahar Beatrix Carolien Chantal
Charlotte Claudia Danique Daphne Dewi Elif Elske Emma Esther Eva Fatima Femke Fleur
Gülsüm Hadewych Hafsa Hanan Hilde Ilse Imke Indra Ingrid Iris Janneke Jessica Jolanda
Joyce Judith Karima Katarzyna Kim Kirsten Lara Latifa Laura Leila Lieke Linda Lisanne
Lotte Maaike Magda Mandy Manon Maria Marieke Marije Marjolein Mei Meryem Mieke Mirjam
Monique Nadia Naomi Nienke Noor Nurcan Olga Patricia Petra Priya Rachida Renske Rianne
Roos Rowena Samira Sanne Saskia Shanti Sharon Silvia Sofie Soraya Sterre Suzanne
Tamara Tessa Thirza Tineke Trang Tuğba Urmila Vera Wendy Willemijn Yasmina Yvonne
Zeynep Zoë
    """
_MEN = """
Abdel Achmed Ali Anton Arjan Arthur Ayoub Bart Bas Ben Bilal Björn Boris Bram Brian
Burak Casper Chidi Christiaan Coen Cor Daan Damian Daniël David Dennis Diederik Dirk
Edwin Emre Erik Farid Ferry Floris Frank Gerben Gijs Glenn Gökhan Hamza Hans Harm
Hassan Henk Hidde Hugo Ibrahim Ivo Jaap Jan Jasper Jelle Jeroen Jesse Joost Joris
Kasper Kees Kevin Khalid Klaas Koen Kofi Kwame Lars Lennart Levi Luuk Maarten Marco
Mark Martijn Mees Mehmet Menno Michiel Milan Mohamed Murat Naresh Niels Olaf Omar
Oscar Otto Patrick Paul Pieter Piotr Rachid Radjesh Ramon Remco Rik Robin Roel Ruben
Ruud Said Sander Sem Serkan Sjoerd Stefan Sven Tariq Teun Thijs Thomas Tijn Tim Tom
Tomasz Umut Victor Vincent Wei Willem Winston Wouter Youssef Yusuf
    """
_FAMILIES = """
Aalbers Abdoelkhan Aksoy Amrani Asante Azzouzi Baars Bakker Bakr Benali Bervoets Bijl
Blom Boateng Boer Boersma Bos Bosman Bouzid Brink Brouwer Bruins Chen Çelik Demir
Dijkstra Doğan Driessen Evers Fernandes Franken Geerts Gerritsen Groen Haddou Hagen
Hendriks Hermans Hoekstra Hofman Huisman Idrissi Jacobs Jansen Janssen Jonker Kaya
Kleijn Kloosterman Koç Koster Kowalska Kramer Kuipers Kurt Lammers Lim Linders Loman
Maas Martina Meijer Mensah Mertens Molenaar Mulder Naipal Nguyen Nijhuis Nowak Ouali
Oosterhuis Özdemir Pattiasina Peters Pinas Polat Postma Prins Ramdin Ramlal Riemersma
Sahin Sardjoe Schouten Schreuder Siahaya Simons Smeets Smit Sno Sukhdeo Tahiri
Terpstra Timmermans Tuinman Veenstra Verbeek Verhagen Vermeulen Visser Vos Vrolijk
Wagenaar Wali Wiersma Willems Wong Wolters Yılmaz Ziani Zijlstra Zwart Bakker-Yıldırım
Visser-Ramdin
    """
_OF_TWO_WORDS = (
    "van den Berg",
    "van Dijk",
    "de Jong",
    "de Vries",
    "van der Meer",
    "van Leeuwen",
    "de Graaf",
    "van der Linden",
    "de Haan",
    "van Vliet",
    "ter Horst",
    "van Rooij",
    "van den Heuvel",
    "de Bruijn",
    "van der Wal",
    "el Khattabi",
    "ten Cate",
    "van Loon",
    "van ’t Hof",
    "de Lange",
    "in ’t Veld",
    "op den Kamp",
    "da Silva",
    "de Groot-Mensah",
    "El Hamdaoui",
)
WOMEN, MEN = _WOMEN.split(), _MEN.split()
FAMILIES = [*_FAMILIES.split(), *_OF_TWO_WORDS]
